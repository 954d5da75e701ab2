-- title: Domains changed
-- group: Organisations and domains
-- question: Which domains were certified for one organisation and then for another?
-- leaves out: Test certificates. Each organisation comes once for a domain, when it first was certified for it: one that comes back to a domain has no row of that.
-- param: domain String = '': only this domain, as A-labels
-- param: limit UInt64 = 0: at most so many rows; 0 is all
-- param: as_of DateTime = '': as things were logged by the end of this day, or by this time (UTC); empty is all that is logged
-- column: changed: log timestamp of the first entry of the domain for the organisation it moved to
-- column: domain: as A-labels, without BIMI selector
-- column: organisation: to whom it moved, as its latest certificate for the domain writes it
-- column: country: of its address
-- column: previous_organisation: for whom the domain was certified last before that, as that certificate writes it
-- column: previous_country: of its address
-- column: same_name: whether both are of one name, in different jurisdictions or under different registration numbers
-- column: at_once: whether a certificate for the one before was still valid then
-- column: previous_valid_until: end of the certificate for the one before that ends last, of those logged before that
WITH
    counted AS (
        SELECT domain_id, domain, organisation_id, organisation_key, organisation, recency, first_logged, not_after,
               upper(trimBoth(if(trimBoth(i.country) != '', i.country, i.jurisdiction_country))) AS place
        FROM keyed_issuances AS i
        ARRAY JOIN domains AS domain, domain_ids AS domain_id
        WHERE NOT is_test AND first_logged <= {as_of:DateTime64(3, 'UTC')} AND ({domain:String} = '' OR domain = lower({domain:String}))),
    moved AS (SELECT domain_id FROM counted GROUP BY domain_id HAVING min(organisation_id) != max(organisation_id)),
    -- each certificate with the latest end of its organisation's up to it
    certified AS (
        SELECT domain_id, domain, organisation_id, organisation, place, splitByChar('|', organisation_key)[1] AS name, recency, first_logged,
               max(not_after) OVER (PARTITION BY domain_id, organisation_id ORDER BY recency) AS until
        FROM counted WHERE domain_id IN (SELECT domain_id FROM moved)),
    -- and the one before it, whosever that is; of the first .5 isn't true
    chained AS (
        SELECT c.*, lagInFrame((organisation, place, name, until, true)) OVER (PARTITION BY domain_id ORDER BY recency) AS before
        FROM certified AS c),
    of_holders AS (
        SELECT domain_id, any(c.domain) AS domain, argMax(c.organisation, recency) AS organisation, argMax(c.place, recency) AS place, any(c.name) AS name,
               min(recency) AS earliest, min(first_logged) AS changed, argMin(before, recency) AS before
        FROM chained AS c GROUP BY domain_id, organisation_id)
SELECT changed, domain, organisation, place AS country, before.1 AS previous_organisation, before.2 AS previous_country,
       (before.3 = name)::Bool AS same_name, (toInt64(before.4) >= intDiv(toUnixTimestamp64Milli(changed), 1000))::Bool AS at_once, before.4 AS previous_valid_until
FROM of_holders
WHERE before.5
ORDER BY changed DESC, domain, organisation, earliest
LIMIT if({limit:UInt64} = 0, 18446744073709551615, {limit:UInt64})
