-- title: Validity lengths
-- group: Issuance
-- question: For how many days are mark certificates valid?
-- leaves out: Test certificates.
-- denominator: share_of_issuances is of all issuances that the parameters select; it adds up to 1.
-- param: issuer String = '': only this issuer, as in issuers
-- param: as_of DateTime = '': as things were logged by the end of this day, or by this time (UTC); empty is all that is logged
-- column: days: from notBefore to notAfter, both counted, as RFC 5280 has it; a day begun is a day
-- column: issuances: certificates issued with that validity
-- column: vmc: of these Verified Mark Certificates
-- column: cmc: of these Common Mark Certificates
-- column: issuers: distinct issuers of these
-- column: first_seen: when the first of them was first logged
-- column: last_seen: when the latest of them was first logged
-- column: too_long: whether it is more than the 398 days that the profile allows
-- column: share_of_issuances: issuances over all issuances, from 0 to 1
SELECT
    intDiv(toInt64(not_after) - toInt64(not_before) + 86400, 86400) AS days,
    count()                        AS issuances,
    countIf(class = 'VMC')         AS vmc,
    countIf(class = 'CMC')         AS cmc,
    uniqExact(if(issuer_organisation != '', issuer_organisation, issuer_name)) AS issuers,
    min(first_logged)              AS first_seen,
    max(first_logged)              AS last_seen,
    (days > 398)::Bool             AS too_long,
    round(issuances / sum(issuances) OVER (), 6) AS share_of_issuances
FROM keyed_issuances
WHERE NOT is_test AND first_logged <= {as_of:DateTime64(3, 'UTC')}
  AND ({issuer:String} = '' OR if(issuer_organisation != '', issuer_organisation, issuer_name) = {issuer:String})
GROUP BY days
ORDER BY days
