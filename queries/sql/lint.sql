-- title: Lint
-- group: Quality
-- question: From which rules of the profile do certificates depart, and how many?
-- leaves out: Test certificates, and what SCTs in certificates are found to be where by as_of only the precertificate was logged. What a later entry shows of a chain counts.
-- denominator: share_of_issuances is of all issuances that the parameters select.
-- param: severity String = '': only rules of this severity
-- values: error, warning, notice
-- param: issuer String = '': only this issuer, as in issuers
-- param: as_of DateTime = '': as things were logged by the end of this day, or by this time (UTC); empty is all that is logged
-- column: rule: its id
-- column: severity: error, warning or notice
-- column: citation: the rule's source
-- column: issuances: certificates that depart from it
-- column: organisations: distinct organisations of these
-- column: issuers: distinct issuers of these
-- column: first_seen: when the first of these was first logged
-- column: last_seen: when the latest of these was first logged
-- column: share_of_issuances: issuances over all issuances, from 0 to 1
-- column: example: TBS SHA-256 of the latest of them
WITH
    counted AS (
        SELECT tbs_id, tbs_sha256, organisation_id, recency, first_logged, first_certificate <= {as_of:DateTime64(3, 'UTC')} AS whole, if(issuer_organisation != '', issuer_organisation, issuer_name) AS by_issuer
        FROM keyed_issuances WHERE NOT is_test AND first_logged <= {as_of:DateTime64(3, 'UTC')} AND ({issuer:String} = '' OR if(issuer_organisation != '', issuer_organisation, issuer_name) = {issuer:String})),
    (SELECT count() FROM counted) AS total
SELECT f.rule AS rule, f.severity AS severity, max(f.citation) AS citation, count() AS issuances, uniqExact(c.organisation_id) AS organisations,
       uniqExact(c.by_issuer) AS issuers, min(c.first_logged) AS first_seen, max(c.first_logged) AS last_seen,
       round(issuances / total, 6) AS share_of_issuances, argMax(c.tbs_sha256, c.recency) AS example
FROM (SELECT tbs_id, rule, severity, citation FROM findings) AS f
INNER JOIN counted AS c ON c.tbs_id = f.tbs_id
WHERE ({severity:String} = '' OR f.severity = {severity:String}) AND (c.whole OR NOT startsWith(f.rule, 'sct-'))
GROUP BY rule, severity
ORDER BY indexOf(['error', 'warning', 'notice'], severity), issuances DESC, rule
