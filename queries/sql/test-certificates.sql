-- title: Test certificates
-- group: Quality
-- question: Which certificates are left out of statistics because they are for tests, and why?
-- leaves out: Nothing.
-- param: issuer String = '': only this issuer, as in issuers
-- param: limit UInt64 = 0: at most so many rows; 0 is all
-- param: as_of DateTime = '': as things were logged by the end of this day, or by this time (UTC); empty is all that is logged
-- column: first_logged: log timestamp of its first entry
-- column: reason: why it is a test certificate
-- column: organisation: as written
-- column: domains: without BIMI selectors
-- column: register: trademark register as WIPO ST.3 code
-- column: number: canonical number
-- column: mark_type: markType, verbatim
-- column: issuer: organisation of the issuing CA
-- column: not_before: start of validity
-- column: not_after: end of validity
-- column: tbs_sha256: identity of the issuance
SELECT first_logged, test_reason AS reason, organisation, domains, register, number, mark_type, if(issuer_organisation != '', issuer_organisation, issuer_name) AS issuer, not_before, not_after, tbs_sha256
FROM keyed_issuances
WHERE is_test AND first_logged <= {as_of:DateTime64(3, 'UTC')} AND ({issuer:String} = '' OR issuer = {issuer:String})
ORDER BY keyed_issuances.first_logged DESC, tbs_sha256
LIMIT if({limit:UInt64} = 0, 18446744073709551615, {limit:UInt64})
