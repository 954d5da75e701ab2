-- title: The 2021 study, again
-- group: Studies
-- question: How many precertificates, marks and organisations were there, as they were counted by hand in August 2021?
-- leaves out: Nothing: one row leaves test certificates out, the other counts them.
-- param: log String = '': only what this log held, by its name; empty is all logs that are read
-- param: as_of DateTime = '': as things were logged by the end of this day, or by this time (UTC); empty is all that is logged
-- column: precertificates: issuances of which a precertificate is logged
-- column: marks: distinct marks of all issuances, by register and canonical number; without a trademark by organisation and logo; a government mark by country and citation
-- column: organisations: distinct organisations of all issuances, by folded name, jurisdiction and registration number
-- column: organisations_several_marks: of these with more than one mark
-- column: test_certificates: left out or counted
-- column: issuances: precertificates, certificates, or both
WITH
    in_log AS (
        SELECT tbs_id, max(entry_type = 'precert_entry') AS pre FROM log_entries
        WHERE {log:String} != '' AND log = {log:String} AND timestamp <= {as_of:DateTime64(3, 'UTC')} GROUP BY tbs_id),
    counted AS (
        SELECT mark_id, organisation_id, is_test,
               if({log:String} = '', first_precertificate <= {as_of:DateTime64(3, 'UTC')}, has_certificate = 0 OR tbs_id IN (SELECT tbs_id FROM in_log WHERE pre)) AS pre
        FROM keyed_issuances WHERE first_logged <= {as_of:DateTime64(3, 'UTC')} AND ({log:String} = '' OR tbs_id IN (SELECT tbs_id FROM in_log))),
    (SELECT [(countIf(pre AND NOT is_test), uniqExactIf(mark_id, NOT is_test), countIf(NOT is_test)), (countIf(pre), uniqExact(mark_id), count())] FROM counted) AS issued,
    (SELECT [(countIf(n > 0), countIf(n > 1)), (count(), countIf(m > 1))]
     FROM (SELECT uniqExactIf(mark_id, NOT is_test) AS n, uniqExact(mark_id) AS m FROM counted GROUP BY organisation_id)) AS held
SELECT issued[way].1 AS precertificates, issued[way].2 AS marks, held[way].1 AS organisations, held[way].2 AS organisations_several_marks,
       ['left out', 'counted'][way] AS test_certificates, issued[way].3 AS issuances
FROM (SELECT arrayJoin([1, 2]) AS way)
ORDER BY way
