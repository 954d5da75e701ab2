-- title: Domains
-- group: Organisations and domains
-- question: For which domains are marks certified, and whose are they?
-- leaves out: Test certificates.
-- param: domain String = '': only this domain and those under it, as A-labels or in Unicode
-- param: organisation String = '': only organisations whose name contains this, in any case
-- param: limit UInt64 = 0: at most so many rows; 0 is all
-- param: as_of DateTime = '': as things were logged by the end of this day, or by this time (UTC); empty is all that is logged
-- column: domain: as A-labels, without BIMI selector
-- column: unicode: the same in Unicode
-- column: registrable_domain: the part that can be registered, by the public suffix list; empty if there is none
-- column: organisations: names of those certified for it, each as its latest certificate for the domain writes it
-- column: marks: distinct marks
-- column: issuances: certificates issued
-- column: first_seen: log timestamp of the first entry
-- column: last_seen: when the latest of its certificates was first logged
-- column: valid_until: end of the certificate that ends last
WITH
    trim(TRAILING '.' FROM lowerUTF8({domain:String})) AS asked,
    of_holders AS (
        SELECT domain_id, any(name) AS domain, any(written) AS unicode, any(registrable) AS registrable, argMax(organisation, recency) AS holder,
               uniqExactState(mark_id) AS mark_ids, count() AS n, min(recency) AS earliest, min(first_logged) AS first_seen, max(first_logged) AS last_seen, max(not_after) AS valid_until
        FROM keyed_issuances
        ARRAY JOIN domains AS name, domains_unicode AS written, domain_ids AS domain_id, domains_registrable AS registrable
        WHERE NOT is_test AND first_logged <= {as_of:DateTime64(3, 'UTC')}
          AND ({domain:String} = '' OR name = asked OR endsWith(name, concat('.', asked)) OR written = asked OR endsWith(written, concat('.', asked)))
        GROUP BY domain_id, organisation_id)
SELECT any(h.domain) AS domain, any(h.unicode) AS unicode, any(registrable) AS registrable_domain,
       arrayMap(t -> t.2, arraySort(groupArray((earliest, holder)))) AS organisations,
       uniqExactMerge(mark_ids) AS marks, sum(n) AS issuances,
       min(h.first_seen) AS first_seen, max(h.last_seen) AS last_seen, max(h.valid_until) AS valid_until
FROM of_holders AS h
GROUP BY domain_id
HAVING {organisation:String} = '' OR arrayExists(o -> positionCaseInsensitiveUTF8(o, {organisation:String}) > 0, organisations)
ORDER BY domain
LIMIT if({limit:UInt64} = 0, 18446744073709551615, {limit:UInt64})
