-- title: By month
-- group: Issuance
-- question: How many mark certificates were issued in each month, by whom and of which class, and how many marks and organisations were new?
-- leaves out: Test certificates. A month without issuance has no row.
-- param: per String = '': a row of each month for each issuer, each class, or each pair of them
-- values: issuer, class, issuer-class
-- param: as_of DateTime = '': as things were logged by the end of this day, or by this time (UTC); empty is all that is logged
-- column: month: first day of the month of the first log entry, UTC
-- column: issuances: certificates issued
-- column: vmc: of these Verified Mark Certificates
-- column: cmc: of these Common Mark Certificates
-- column: marks: distinct marks certified in the month
-- column: organisations: distinct organisations certified in the month
-- column: new_marks: marks whose first certificate is of this month, and of this issuer and class
-- column: new_organisations: organisations whose first certificate is of this month, and of this issuer and class
-- column: issuer: organisation of the issuing CA; empty where the row is of all
-- column: class: VMC, CMC or unknown; empty where the row is of all
WITH
    counted AS (
        SELECT toDate32(toStartOfMonth(first_logged)) AS month, recency AS at, class AS kind, mark_id, organisation_id,
               if({per:String} IN ('issuer', 'issuer-class'), if(issuer_organisation != '', issuer_organisation, issuer_name), '') AS by_issuer,
               if({per:String} IN ('class', 'issuer-class'), class, '') AS by_class
        FROM keyed_issuances WHERE NOT is_test AND first_logged <= {as_of:DateTime64(3, 'UTC')}),
    first_marks AS (
        SELECT f_month, f_issuer, f_class, count() AS n
        FROM (SELECT min(month) AS f_month, argMin(by_issuer, at) AS f_issuer, argMin(by_class, at) AS f_class FROM counted GROUP BY mark_id)
        GROUP BY f_month, f_issuer, f_class),
    first_organisations AS (
        SELECT f_month, f_issuer, f_class, count() AS n
        FROM (SELECT min(month) AS f_month, argMin(by_issuer, at) AS f_issuer, argMin(by_class, at) AS f_class FROM counted GROUP BY organisation_id)
        GROUP BY f_month, f_issuer, f_class),
    months AS (
        SELECT month, by_issuer, by_class, count() AS issuances, countIf(kind = 'VMC') AS vmc, countIf(kind = 'CMC') AS cmc,
               uniqExact(mark_id) AS marks, uniqExact(organisation_id) AS organisations
        FROM counted GROUP BY month, by_issuer, by_class)
SELECT m.month AS month, issuances, vmc, cmc, marks, organisations, fm.n AS new_marks, fo.n AS new_organisations, m.by_issuer AS issuer, m.by_class AS class
FROM months AS m
LEFT JOIN first_marks AS fm ON fm.f_month = m.month AND fm.f_issuer = m.by_issuer AND fm.f_class = m.by_class
LEFT JOIN first_organisations AS fo ON fo.f_month = m.month AND fo.f_issuer = m.by_issuer AND fo.f_class = m.by_class
ORDER BY month, issuer, class
-- or a month that no Date holds, which a log can claim, would be another month
SETTINGS enable_extended_results_for_datetime_functions = 1
