-- title: Totals
-- group: Issuance
-- question: How many mark certificates, marks, organisations and domains are there in all logs that are read?
-- leaves out: Test certificates, which are counted in their own column alone.
-- column: precertificates: issuances of which a precertificate is logged
-- column: certificates: issuances of which the final certificate is logged
-- column: issuances: certificates issued; a precertificate and its certificate are one
-- column: marks: distinct marks, by register and canonical number; without a trademark by organisation and logo; a government mark by country and citation
-- column: organisations: distinct organisations, by folded name, jurisdiction and registration number
-- column: domains: distinct domain names, without BIMI selectors
-- column: test_certificates: issuances for test domains
-- column: malformed: log entries that claim to be mark certificates and can't be read
SELECT
    countIf(has_precertificate = 1 AND NOT is_test) AS precertificates,
    countIf(has_certificate = 1 AND NOT is_test)    AS certificates,
    countIf(NOT is_test)                            AS issuances,
    uniqExactIf(mark_key, NOT is_test)              AS marks,
    uniqExactIf(organisation_key, NOT is_test)      AS organisations,
    uniqExactArrayIf(domains, NOT is_test)          AS domains,
    countIf(is_test)                                AS test_certificates,
    (SELECT count() FROM malformed_entries FINAL)   AS malformed
FROM issuances
