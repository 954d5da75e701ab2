-- title: Log coverage
-- group: Issuance
-- question: What does each log contribute, and how far is it read?
-- leaves out: Nothing: test certificates are logged too.
-- param: as_of DateTime = '': count what was logged by the end of this day, or by this time (UTC); empty is all that is logged. How far the log is read is always as of now
-- column: log: name
-- column: kind: protocol
-- column: read_to: entries read and proved
-- column: tree_size: size of the largest verified tree head
-- column: lag: entries of it not yet read
-- column: entries: leaves that are mark certificates
-- column: precertificate_entries: of these precertificates
-- column: certificate_entries: of these final certificates
-- column: issuances: distinct issuances
-- column: only_here: issuances that no other log that is read holds
-- column: malformed: entries that can't be read
-- column: first_entry: log timestamp of the first of them
-- column: last_entry: log timestamp of the latest
-- column: verified_at: when a tree head last verified
-- column: state: following or stopped
WITH
    entries AS (
        SELECT log_id, count() AS entries, countIf(entry_type = 'precert_entry') AS precertificate_entries, countIf(entry_type = 'x509_entry') AS certificate_entries,
               uniqExact(tbs_id) AS issuances, min(timestamp) AS first_entry, max(timestamp) AS last_entry
        FROM log_entries FINAL WHERE timestamp <= {as_of:DateTime64(3, 'UTC')} GROUP BY log_id),
    alone AS (
        SELECT log_id, count() AS only_here
        FROM (SELECT tbs_id, min(log_id) AS log_id, max(log_entries.log_id) AS other FROM log_entries FINAL WHERE timestamp <= {as_of:DateTime64(3, 'UTC')} GROUP BY tbs_id)
        WHERE log_id = other
        GROUP BY log_id),
    broken AS (SELECT log_id, count() AS malformed FROM malformed_entries FINAL WHERE timestamp <= {as_of:DateTime64(3, 'UTC')} GROUP BY log_id)
SELECT p.log AS log, p.kind AS kind, p.next_index AS read_to, p.tree_size AS tree_size, p.tree_size - least(p.next_index, p.tree_size) AS lag,
       e.entries AS entries, e.precertificate_entries AS precertificate_entries, e.certificate_entries AS certificate_entries,
       e.issuances AS issuances, a.only_here AS only_here, b.malformed AS malformed,
       if(e.entries = 0, NULL, e.first_entry) AS first_entry, if(e.entries = 0, NULL, e.last_entry) AS last_entry,
       p.verified_at AS verified_at, p.state AS state
FROM positions AS p FINAL
LEFT JOIN entries AS e ON e.log_id = p.log_id
LEFT JOIN alone AS a ON a.log_id = p.log_id
LEFT JOIN broken AS b ON b.log_id = p.log_id
ORDER BY log
