-- title: Subdomains
-- group: Organisations and domains
-- question: Which domains below a registrable domain are certified, and is the registrable domain itself?
-- leaves out: Test certificates, and registrable domains of which only they themselves are certified.
-- param: domain String = '': only this registrable domain, as A-labels
-- param: limit UInt64 = 0: at most so many rows; 0 is all
-- param: as_of DateTime = '': as things were logged by the end of this day, or by this time (UTC); empty is all that is logged
-- column: registrable_domain: by the public suffix list, as A-labels
-- column: subdomains: the domains below it that are certified
-- column: count: how many these are
-- column: itself_certified: whether the registrable domain is certified too
-- column: organisations: distinct organisations certified for it or a domain below it
-- column: marks: distinct marks
-- column: issuances: distinct certificates
-- column: first_seen: log timestamp of the first entry for one of the subdomains
SELECT registrable AS registrable_domain, arraySort(groupUniqArrayIf(name, name != registrable)) AS subdomains, length(subdomains) AS count,
       max(name = registrable)::Bool AS itself_certified, uniqExact(organisation_id) AS organisations, uniqExact(mark_id) AS marks,
       uniqExact(tbs_id) AS issuances, minIf(first_logged, name != registrable) AS first_seen
FROM keyed_issuances
ARRAY JOIN domains AS name, domains_registrable AS registrable
WHERE NOT is_test AND first_logged <= {as_of:DateTime64(3, 'UTC')} AND registrable != '' AND ({domain:String} = '' OR registrable = lower({domain:String}))
GROUP BY registrable
HAVING count > 0
ORDER BY count DESC, registrable_domain
LIMIT if({limit:UInt64} = 0, 18446744073709551615, {limit:UInt64})
