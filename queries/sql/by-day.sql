-- title: By day
-- group: Issuance
-- question: How many mark certificates were issued on each day, and how many marks and organisations were new?
-- leaves out: Test certificates. A day without issuance has no row.
-- param: issuer String = '': only this issuer, as in issuers; what is new is then new to it
-- param: class String = '': only this class
-- values: VMC, CMC, unknown
-- param: as_of DateTime = '': as things were logged by the end of this day, or by this time (UTC); empty is all that is logged
-- column: day: of the first log entry, UTC
-- column: issuances: certificates issued
-- column: vmc: of these Verified Mark Certificates
-- column: cmc: of these Common Mark Certificates
-- column: marks: distinct marks certified on the day
-- column: organisations: distinct organisations certified on the day
-- column: new_marks: marks whose first certificate is of this day
-- column: new_organisations: organisations whose first certificate is of this day
WITH
    counted AS (
        SELECT toDate32(first_logged) AS day, class, mark_id, organisation_id
        FROM keyed_issuances
        WHERE NOT is_test AND first_logged <= {as_of:DateTime64(3, 'UTC')}
          AND ({issuer:String} = '' OR if(issuer_organisation != '', issuer_organisation, issuer_name) = {issuer:String})
          AND ({class:String} = '' OR class = {class:String})),
    first_marks AS (SELECT day, count() AS n FROM (SELECT min(day) AS day FROM counted GROUP BY mark_id) GROUP BY day),
    first_organisations AS (SELECT day, count() AS n FROM (SELECT min(day) AS day FROM counted GROUP BY organisation_id) GROUP BY day),
    days AS (
        SELECT day, count() AS issuances, countIf(class = 'VMC') AS vmc, countIf(class = 'CMC') AS cmc,
               uniqExact(mark_id) AS marks, uniqExact(organisation_id) AS organisations
        FROM counted GROUP BY day)
SELECT days.day AS day, issuances, vmc, cmc, marks, organisations, first_marks.n AS new_marks, first_organisations.n AS new_organisations
FROM days
LEFT JOIN first_marks ON first_marks.day = days.day
LEFT JOIN first_organisations ON first_organisations.day = days.day
ORDER BY day
