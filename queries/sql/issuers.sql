-- title: Issuers
-- group: Issuance
-- question: Which certification authorities issue mark certificates, how many, since when, and with what share of the market then and now?
-- leaves out: Test certificates.
-- denominator: share_of_issuances is of all issuances, share_last_year of all issuances of the last year; each adds up to 1.
-- param: as_of DateTime = '': as things were logged by the end of this day, or by this time (UTC); empty is all that is logged
-- column: issuer: organisation of the issuing CA; its common name where it has no organisation
-- column: issuances: certificates issued
-- column: vmc: of these Verified Mark Certificates
-- column: cmc: of these Common Mark Certificates
-- column: marks: distinct marks
-- column: organisations: distinct organisations
-- column: share_of_issuances: issuances over all issuances, from 0 to 1
-- column: first_seen: log timestamp of its first entry
-- column: last_seen: log timestamp of its latest entry; where entries came after as_of, of the latest before that was the first of a precertificate or certificate
-- column: issuances_last_year: of its issuances those first logged in the 365 days before as_of, or before now
-- column: share_last_year: these over all issuances of these 365 days, from 0 to 1
WITH
    least({as_of:DateTime64(3, 'UTC')}, now64(3, 'UTC')) AS until,
    (SELECT (count(), countIf(first_logged > until - INTERVAL 365 DAY AND first_logged <= until)) FROM keyed_issuances WHERE NOT is_test AND first_logged <= {as_of:DateTime64(3, 'UTC')}) AS total
SELECT
    if(issuer_organisation != '', issuer_organisation, issuer_name) AS issuer,
    count()                            AS issuances,
    countIf(class = 'VMC')             AS vmc,
    countIf(class = 'CMC')             AS cmc,
    uniqExact(mark_id)                 AS marks,
    uniqExact(organisation_id)         AS organisations,
    round(issuances / total.1, 6)      AS share_of_issuances,
    min(first_logged)                  AS first_seen,
    max(if(last_logged <= {as_of:DateTime64(3, 'UTC')}, last_logged, greatest(first_logged, if(first_precertificate <= {as_of:DateTime64(3, 'UTC')}, first_precertificate, first_logged), if(first_certificate <= {as_of:DateTime64(3, 'UTC')}, first_certificate, first_logged)))) AS last_seen,
    countIf(first_logged > until - INTERVAL 365 DAY AND first_logged <= until) AS issuances_last_year,
    if(total.2 = 0, 0, round(issuances_last_year / total.2, 6)) AS share_last_year
FROM keyed_issuances
WHERE NOT is_test AND first_logged <= {as_of:DateTime64(3, 'UTC')}
GROUP BY issuer
ORDER BY issuances DESC, issuer
