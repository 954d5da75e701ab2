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
-- column: previous_organisation: for whom the domain was certified last before that
-- column: previous_country: of its address
-- column: same_name: whether both are of one name, in different jurisdictions or under different registration numbers
-- column: at_once: whether a certificate for the one before was still valid then
-- column: previous_valid_until: end of the certificate for the one before that ends last
WITH
    counted AS (
        SELECT domain_id, domain, organisation_id, organisation_key, organisation, recency, first_logged, not_after,
               upper(trimBoth(if(trimBoth(i.country) != '', i.country, i.jurisdiction_country))) AS place
        FROM keyed_issuances AS i
        ARRAY JOIN domains AS domain, domain_ids AS domain_id
        WHERE NOT is_test AND first_logged <= {as_of:DateTime64(3, 'UTC')} AND ({domain:String} = '' OR domain = lower({domain:String}))),
    moved AS (SELECT domain_id FROM counted GROUP BY domain_id HAVING min(organisation_id) != max(organisation_id)),
    of_holders AS (
        SELECT domain_id, any(c.domain) AS domain, organisation_id, argMax(organisation, recency) AS organisation, argMax(place, recency) AS place,
               any(splitByChar('|', organisation_key)[1]) AS name, min(recency) AS earliest, min(first_logged) AS since, max(not_after) AS until
        FROM counted AS c WHERE domain_id IN (SELECT domain_id FROM moved) GROUP BY domain_id, organisation_id)
SELECT pair.2.2 AS changed, domain, pair.2.3 AS organisation, pair.2.4 AS country, pair.1.3 AS previous_organisation, pair.1.4 AS previous_country,
       (pair.1.5 = pair.2.5)::Bool AS same_name, (pair.1.6 >= changed)::Bool AS at_once, pair.1.6 AS previous_valid_until
FROM (SELECT any(h.domain) AS domain, arraySort(groupArray((earliest, since, h.organisation, place, name, until))) AS s FROM of_holders AS h GROUP BY domain_id)
ARRAY JOIN arrayZip(arrayPopBack(s), arrayPopFront(s)) AS pair
ORDER BY changed DESC, domain, organisation
LIMIT if({limit:UInt64} = 0, 18446744073709551615, {limit:UInt64})
