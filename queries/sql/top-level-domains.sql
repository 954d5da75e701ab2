-- title: Top-level domains
-- group: Organisations and domains
-- question: Under which top-level domains are the domains that marks are certified for?
-- leaves out: Test certificates.
-- denominator: share_of_domains is of all distinct domains and adds up to 1; share_of_organisations is of all distinct organisations, and one with domains under two counts in both.
-- param: as_of DateTime = '': as things were logged by the end of this day, or by this time (UTC); empty is all that is logged
-- column: top_level_domain: as A-label
-- column: unicode: the same in Unicode, where one of its domains is written so
-- column: domains: distinct domains under it
-- column: registrable_domains: distinct registrable domains under it
-- column: organisations: distinct organisations certified for them
-- column: marks: distinct marks
-- column: share_of_domains: domains over all distinct domains, from 0 to 1
-- column: share_of_organisations: organisations over all distinct organisations, from 0 to 1
WITH
    (SELECT (uniqExactArray(domain_ids), uniqExact(organisation_id)) FROM keyed_issuances WHERE NOT is_test AND first_logged <= {as_of:DateTime64(3, 'UTC')}) AS total
-- max, for a domain of which a label is broken stands as it is, and ASCII comes before all else
SELECT substring(name, length(name) - position(concat(reverse(name), '.'), '.') + 2) AS top_level_domain, max(substring(written, length(written) - position(concat(reverse(written), '.'), '.') + 2)) AS unicode,
       uniqExact(domain_id) AS domains, uniqExactIf(registrable, registrable != '') AS registrable_domains,
       uniqExact(organisation_id) AS organisations, uniqExact(mark_id) AS marks,
       round(domains / total.1, 6) AS share_of_domains, round(organisations / total.2, 6) AS share_of_organisations
FROM keyed_issuances
ARRAY JOIN keyed_issuances.domains AS name, domains_unicode AS written, domain_ids AS domain_id, domains_registrable AS registrable
WHERE NOT is_test AND first_logged <= {as_of:DateTime64(3, 'UTC')}
GROUP BY top_level_domain
ORDER BY domains DESC, top_level_domain
