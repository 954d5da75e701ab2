-- title: The 2021 study: first and latest by issuer
-- group: Studies
-- question: Which were the first and the latest mark certificate of each issuer in the study?
-- leaves out: Test certificates, unless tests is 1.
-- denominator: share is of all issuances of the study; it adds up to 1.
-- param: log String = '': only what this log held, by its name; empty is all logs that are read
-- param: tests UInt8 = 0: 1 counts test certificates too
-- param: as_of DateTime = '': as things were logged by the end of this day, or by this time (UTC); empty is all that is logged
-- column: issuer: organisation of the issuing CA; its common name where it has no organisation
-- column: issuances: certificates issued
-- column: share: issuances over all issuances, from 0 to 1
-- column: first_logged: log timestamp of its first issuance, in whichever log
-- column: first_organisation: to whom that was issued
-- column: first_domains: for which domains
-- column: latest_logged: log timestamp of its latest issuance's first entry, in whichever log
-- column: latest_organisation: to whom that was issued
-- column: latest_domains: for which domains
SELECT if(issuer_organisation != '', issuer_organisation, issuer_name) AS issuer, count() AS issuances, round(issuances / sum(issuances) OVER (), 6) AS share,
       min(i.first_logged) AS first_logged, argMin(organisation, recency) AS first_organisation, argMin(domains, recency) AS first_domains,
       max(i.first_logged) AS latest_logged, argMax(organisation, recency) AS latest_organisation, argMax(domains, recency) AS latest_domains
FROM keyed_issuances AS i
WHERE i.first_logged <= {as_of:DateTime64(3, 'UTC')} AND ({tests:UInt8} = 1 OR NOT is_test)
  AND ({log:String} = '' OR tbs_id IN (SELECT tbs_id FROM log_entries WHERE log = {log:String} AND timestamp <= {as_of:DateTime64(3, 'UTC')}))
GROUP BY issuer
ORDER BY first_logged, issuer
