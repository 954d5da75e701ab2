-- title: Totals
-- group: Issuance
-- question: How many mark certificates, marks, organisations and domains are there in all logs that are read?
-- leaves out: Test certificates, which are counted in their own column alone.
-- param: as_of DateTime = '': as things were logged by the end of this day, or by this time (UTC); empty is all that is logged
-- column: precertificates: issuances of which a precertificate is logged
-- column: certificates: issuances of which the final certificate is logged
-- column: issuances: certificates issued; a precertificate and its certificate are one
-- column: marks: distinct marks, by register and canonical number; without a trademark by organisation and logo; a government mark by country and citation
-- column: organisations: distinct organisations, by folded name, jurisdiction and registration number
-- column: domains: distinct domain names, without BIMI selectors
-- column: test_certificates: issuances for test domains
-- column: malformed: log entries that claim to be mark certificates and can't be read
SELECT
    countIf(first_precertificate <= {as_of:DateTime64(3, 'UTC')} AND NOT is_test) AS precertificates,
    countIf(first_certificate <= {as_of:DateTime64(3, 'UTC')} AND NOT is_test)    AS certificates,
    countIf(NOT is_test)                       AS issuances,
    uniqExactIf(mark_id, NOT is_test)          AS marks,
    uniqExactIf(organisation_id, NOT is_test)  AS organisations,
    uniqExactArrayIf(domain_ids, NOT is_test)  AS domains,
    countIf(is_test)                           AS test_certificates,
    (SELECT count() FROM malformed_entries FINAL WHERE timestamp <= {as_of:DateTime64(3, 'UTC')}) AS malformed
FROM keyed_issuances
WHERE first_logged <= {as_of:DateTime64(3, 'UTC')}
