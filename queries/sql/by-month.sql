-- title: By month
-- group: Issuance
-- question: How many mark certificates were issued in each month, and how many marks and organisations were new?
-- leaves out: Test certificates. A month without issuance has no row.
-- column: month: first day of the month of the first log entry, UTC
-- column: issuances: certificates issued
-- column: vmc: of these Verified Mark Certificates
-- column: cmc: of these Common Mark Certificates
-- column: marks: distinct marks certified in the month
-- column: organisations: distinct organisations certified in the month
-- column: new_marks: marks whose first certificate is of this month
-- column: new_organisations: organisations whose first certificate is of this month
WITH
    first_marks AS (SELECT toStartOfMonth(m) AS month, count() AS n FROM (SELECT min(first_logged) AS m FROM issuances WHERE NOT is_test GROUP BY mark_key) GROUP BY month),
    first_organisations AS (SELECT toStartOfMonth(m) AS month, count() AS n FROM (SELECT min(first_logged) AS m FROM issuances WHERE NOT is_test GROUP BY organisation_key) GROUP BY month),
    months AS (
        SELECT toStartOfMonth(first_logged) AS month, count() AS issuances, countIf(class = 'VMC') AS vmc, countIf(class = 'CMC') AS cmc,
               uniqExact(mark_key) AS marks, uniqExact(organisation_key) AS organisations
        FROM issuances WHERE NOT is_test GROUP BY month)
SELECT months.month AS month, issuances, vmc, cmc, marks, organisations, first_marks.n AS new_marks, first_organisations.n AS new_organisations
FROM months
LEFT JOIN first_marks ON first_marks.month = months.month
LEFT JOIN first_organisations ON first_organisations.month = months.month
ORDER BY month
SETTINGS enable_extended_results_for_datetime_functions = 1 -- or a month that no Date holds, which a log can claim, would be another month
