-- title: Issuers
-- group: Issuance
-- question: Which certification authorities issue mark certificates, how many, and since when?
-- leaves out: Test certificates.
-- denominator: share_of_issuances is of all issuances.
-- column: issuer: organisation of the issuing CA; its common name where it has no organisation
-- column: issuances: certificates issued
-- column: vmc: of these Verified Mark Certificates
-- column: cmc: of these Common Mark Certificates
-- column: marks: distinct marks
-- column: organisations: distinct organisations
-- column: share_of_issuances: issuances over all issuances, from 0 to 1
-- column: first_seen: log timestamp of its first entry
-- column: last_seen: log timestamp of its latest entry
WITH (SELECT count() FROM issuances WHERE NOT is_test) AS total
SELECT
    if(issuer_organisation != '', issuer_organisation, issuer_name) AS issuer,
    count()                            AS issuances,
    countIf(class = 'VMC')             AS vmc,
    countIf(class = 'CMC')             AS cmc,
    uniqExact(mark_key)                AS marks,
    uniqExact(organisation_key)        AS organisations,
    round(issuances / total, 6)        AS share_of_issuances,
    min(first_logged)                  AS first_seen,
    max(last_logged)                   AS last_seen
FROM issuances
WHERE NOT is_test
GROUP BY issuer
ORDER BY issuances DESC, issuer
