-- title: Lint by issuer
-- group: Quality
-- question: How many of each issuer's certificates depart from the profile, over time?
-- leaves out: Test certificates, and what SCTs in certificates are found to be where by as_of only the precertificate was logged. What a later entry shows of a chain counts. A period in which an issuer issued nothing has no row of it.
-- denominator: share_with_errors and share_with_warnings are of the issuer's issuances of the period.
-- param: period String = 'quarter': how long each period is
-- values: year, quarter, month
-- param: rule String = '': count only findings of this rule
-- param: as_of DateTime = '': as things were logged by the end of this day, or by this time (UTC); empty is all that is logged
-- column: period: its first day, UTC; issuances count where they were first logged
-- column: issuer: organisation of the issuing CA
-- column: issuances: certificates issued in the period
-- column: with_errors: of these with a finding of severity error
-- column: with_warnings: of these with a finding of severity warning
-- column: with_notices: of these with a finding of severity notice
-- column: without_findings: of these with none
-- column: findings: of all of them; a rule counts once for a certificate
-- column: share_with_errors: with_errors over issuances, from 0 to 1
-- column: share_with_warnings: with_warnings over issuances, from 0 to 1
WITH
    -- of what is found, and of what is found of a precertificate: how many, and whether of each severity
    of_certificates AS (
        SELECT tbs_id, (count(), max(severity = 'error'), max(severity = 'warning'), max(severity = 'notice')) AS found,
               (countIf(NOT of_scts), max(severity = 'error' AND NOT of_scts), max(severity = 'warning' AND NOT of_scts), max(severity = 'notice' AND NOT of_scts)) AS found_before
        FROM (SELECT tbs_id, severity, startsWith(rule, 'sct-') AS of_scts FROM findings WHERE {rule:String} = '' OR rule = {rule:String})
        GROUP BY tbs_id),
    counted AS (
        SELECT tbs_id, first_certificate <= {as_of:DateTime64(3, 'UTC')} AS whole, if(issuer_organisation != '', issuer_organisation, issuer_name) AS by_issuer,
               toDate32(multiIf({period:String} = 'year', toStartOfYear(first_logged), {period:String} = 'month', toStartOfMonth(first_logged), toStartOfQuarter(first_logged))) AS begin
        FROM keyed_issuances WHERE NOT is_test AND first_logged <= {as_of:DateTime64(3, 'UTC')})
SELECT c.begin AS period, c.by_issuer AS issuer, count() AS issuances, sum(told.2) AS with_errors, sum(told.3) AS with_warnings, sum(told.4) AS with_notices,
       countIf(told.1 = 0) AS without_findings, sum(told.1) AS findings,
       round(with_errors / issuances, 6) AS share_with_errors, round(with_warnings / issuances, 6) AS share_with_warnings
FROM counted AS c
LEFT JOIN of_certificates AS f ON f.tbs_id = c.tbs_id
ARRAY JOIN [if(c.whole, f.found, f.found_before)] AS told
GROUP BY period, issuer
ORDER BY period, issuances DESC, issuer
SETTINGS enable_extended_results_for_datetime_functions = 1
