-- title: First by issuer
-- group: Marks
-- question: Which was each issuer's first mark certificate, and for whom?
-- leaves out: Test certificates.
-- param: as_of DateTime = '': as things were logged by the end of this day, or by this time (UTC); empty is all that is logged
-- column: issuer: organisation of the issuing CA; its common name where it has no organisation
-- column: first_logged: log timestamp of the first entry
-- column: organisation: as written
-- column: country: of the address
-- column: domains: without BIMI selectors
-- column: register: trademark register as WIPO ST.3 code
-- column: number: canonical number
-- column: mark_type: markType, verbatim
-- column: class: VMC, CMC or unknown
-- column: tbs_sha256: identity of the issuance
SELECT if(issuer_organisation != '', issuer_organisation, issuer_name) AS issuer, first_logged, organisation, country, domains, register, number, mark_type, class, tbs_sha256
FROM keyed_issuances
WHERE tbs_id IN (SELECT argMin(tbs_id, recency) FROM keyed_issuances WHERE NOT is_test AND first_logged <= {as_of:DateTime64(3, 'UTC')} GROUP BY if(issuer_organisation != '', issuer_organisation, issuer_name))
ORDER BY keyed_issuances.first_logged, tbs_sha256
