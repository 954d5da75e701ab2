-- title: Orphans
-- group: Issuance
-- question: Of which precertificates is the final certificate in no log that is read, and of which certificates the precertificate?
-- leaves out: Test certificates, unless tests is 1. An orphan is no fault: a log may not be read, and nobody must log the final certificate.
-- param: kind String = '': only those of which this alone is logged
-- values: precertificate, certificate
-- param: issuer String = '': only this issuer, as in issuers
-- param: tests UInt8 = 0: 1 lists test certificates too
-- param: limit UInt64 = 0: at most so many rows; 0 is all
-- param: as_of DateTime = '': as things were logged by the end of this day, or by this time (UTC); empty is all that is logged
-- column: logged_as: what alone is logged: precertificate or certificate
-- column: first_logged: log timestamp of its first entry
-- column: organisation: as written
-- column: domains: without BIMI selectors
-- column: register: trademark register as WIPO ST.3 code
-- column: number: canonical number
-- column: issuer: organisation of the issuing CA
-- column: not_before: start of validity
-- column: not_after: end of validity
-- column: has_scts: whether the certificate carries SCTs; if so it had a precertificate, in a log that isn't read
-- column: logs: where it is logged by now
-- column: tbs_sha256: identity of the issuance
SELECT if(first_certificate <= {as_of:DateTime64(3, 'UTC')}, 'certificate', 'precertificate') AS logged_as,
       first_logged, organisation, domains, register, number, if(issuer_organisation != '', issuer_organisation, issuer_name) AS issuer, not_before, not_after,
       (first_certificate <= {as_of:DateTime64(3, 'UTC')} AND notEmpty(sct_log_ids))::Bool AS has_scts, arraySort(logs) AS logs, tbs_sha256
FROM keyed_issuances
WHERE first_logged <= {as_of:DateTime64(3, 'UTC')}
  AND (first_certificate > {as_of:DateTime64(3, 'UTC')} OR first_precertificate > {as_of:DateTime64(3, 'UTC')})
  AND ({tests:UInt8} = 1 OR NOT is_test)
  AND ({kind:String} = '' OR logged_as = {kind:String})
  AND ({issuer:String} = '' OR issuer = {issuer:String})
ORDER BY keyed_issuances.first_logged DESC, tbs_sha256
LIMIT if({limit:UInt64} = 0, 18446744073709551615, {limit:UInt64})
