-- title: The 2021 study, again
-- group: Studies
-- question: How many precertificates, marks and organisations were there, as they were counted by hand in August 2021?
-- leaves out: Nothing: one row leaves test certificates out, the other counts them.
-- param: as_of DateTime = '': as things were logged by the end of this day, or by this time (UTC); empty is all that is logged
-- param: log String = '': only what this log held, by its name; empty is all logs that are read
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
        SELECT tbs_id, mark_id, organisation_id, is_test, has_certificate, {log:String} = '' AND first_precertificate <= {as_of:DateTime64(3, 'UTC')} AS pre
        FROM keyed_issuances WHERE first_logged <= {as_of:DateTime64(3, 'UTC')} AND ({log:String} = '' OR tbs_id IN (SELECT tbs_id FROM in_log))),
    kinds AS (SELECT *, tests FROM counted ARRAY JOIN if(is_test, ['counted'], ['left out', 'counted']) AS tests),
    of_issuances AS (
        SELECT k.tests AS tests, countIf(k.pre OR p.pre OR ({log:String} != '' AND k.has_certificate = 0)) AS precertificates, count() AS issuances, uniqExact(k.mark_id) AS marks
        FROM kinds AS k LEFT JOIN in_log AS p ON p.tbs_id = k.tbs_id GROUP BY tests),
    of_organisations AS (
        SELECT tests, count() AS organisations, countIf(several) AS organisations_several_marks
        FROM (SELECT tests, min(mark_id) != max(mark_id) AS several FROM kinds GROUP BY tests, organisation_id) GROUP BY tests)
SELECT i.precertificates AS precertificates, i.marks AS marks, o.organisations AS organisations, o.organisations_several_marks AS organisations_several_marks,
       t.tests AS test_certificates, i.issuances AS issuances
FROM (SELECT arrayJoin(['left out', 'counted']) AS tests) AS t
LEFT JOIN of_issuances AS i ON i.tests = t.tests
LEFT JOIN of_organisations AS o ON o.tests = t.tests
ORDER BY test_certificates DESC
