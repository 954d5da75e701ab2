-- title: Marks shared
-- group: Marks
-- question: Which registrations are certified under more than one organisation?
-- leaves out: Test certificates, and marks without a registration.
-- param: at_once UInt8 = 0: 1 lists only those with certificates of two organisations that are valid at one time
-- param: limit UInt64 = 0: at most so many rows; 0 is all
-- param: as_of DateTime = '': as things were logged by the end of this day, or by this time (UTC); empty is all that is logged
-- column: register: trademark register as WIPO ST.3 code
-- column: number: canonical number
-- column: organisations: their names, in the order in which they were first certified
-- column: countries: of their addresses, in the same order
-- column: holders: how many organisations there are
-- column: at_once: whether certificates of two of them were valid at one time; if not, the mark may have been transferred
-- column: domains: all domains certified for the mark
-- column: issuances: certificates issued for the mark
-- column: first_seen: log timestamp of the mark's first entry
-- column: second_holder_since: log timestamp of the first entry of the second organisation
WITH
    counted AS (SELECT * FROM keyed_issuances WHERE NOT is_test AND first_logged <= {as_of:DateTime64(3, 'UTC')} AND number != ''),
    shared AS (SELECT mark_id FROM counted GROUP BY mark_id HAVING min(organisation_id) != max(organisation_id)),
    of_holders AS (
        SELECT c.mark_id AS mark_id, any(c.register) AS register, any(c.number) AS number, argMax(c.organisation, c.recency) AS organisation,
               argMax(upper(trimBoth(if(trimBoth(c.country) != '', c.country, c.jurisdiction_country))), c.recency) AS country,
               groupUniqArrayArray(c.domains) AS domains, count() AS issuances, min(c.recency) AS earliest, min(c.first_logged) AS since,
               groupArray((c.not_before, c.not_after, c.organisation_id)) AS spans
        FROM counted AS c WHERE c.mark_id IN (SELECT mark_id FROM shared) GROUP BY c.mark_id, c.organisation_id)
SELECT any(h.register) AS register, any(h.number) AS number,
       arrayMap(t -> t.2, arraySort(groupArray((earliest, h.organisation)))) AS organisations,
       arrayMap(t -> t.2, arraySort(groupArray((earliest, h.country)))) AS countries,
       count() AS holders,
       -- in the order of their beginnings, one begins before the end of the one that ends last of those before it, which is another's
       arrayFold((a, x) -> (greatest(a.1, x.2), if(x.2 > a.1, x.3, a.2), a.3 OR (x.1 <= a.1 AND x.3 != a.2)),
                 arraySort(groupArrayArray(spans)), (toDateTime64('1900-01-01', 0, 'UTC'), toUInt128(0), toUInt8(0))).3::Bool AS at_once,
       arraySort(groupUniqArrayArray(h.domains)) AS domains, sum(h.issuances) AS issuances,
       min(since) AS first_seen, arraySort(groupArray(since))[2] AS second_holder_since
FROM of_holders AS h
GROUP BY mark_id
HAVING {at_once:UInt8} = 0 OR at_once
ORDER BY second_holder_since DESC, register, number
LIMIT if({limit:UInt64} = 0, 18446744073709551615, {limit:UInt64})
