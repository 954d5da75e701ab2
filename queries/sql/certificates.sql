-- title: Certificates
-- group: Issuance
-- question: Which mark certificates were issued, to whom, for what?
-- leaves out: Test certificates, unless tests is 1.
-- param: organisation String = '': only organisations whose name contains this, in any case
-- param: domain String = '': only certificates for this domain or one under it, as A-labels or in Unicode
-- param: since Date = 1970-01-01: only those first logged on this day or later
-- param: until Date = 2149-06-06: only those first logged before this day; the default is no bound
-- param: tests UInt8 = 0: 1 lists test certificates too
-- param: limit UInt64 = 0: at most so many rows; 0 is all
-- param: as_of DateTime = '': as things were logged by the end of this day, or by this time (UTC); empty is all that is logged
-- column: first_logged: log timestamp of its first entry
-- column: class: VMC, CMC or unknown
-- column: mark_type: markType, verbatim
-- column: organisation: as written
-- column: country: of the address
-- column: domains: without BIMI selectors
-- column: register: trademark register as WIPO ST.3 code
-- column: number: canonical number
-- column: issuer: organisation of the issuing CA
-- column: not_before: start of validity
-- column: not_after: end of validity
-- column: logged_as: whether precertificate, certificate or both are logged
-- column: is_test: whether it is a test certificate
-- column: logs: where it is logged by now
-- column: serial: serial number, hexadecimal
-- column: logo_sha256: SHA-256 of the SVG
-- column: tbs_sha256: identity of the issuance: SHA-256 of its TBSCertificate without poison and SCT list
WITH trim(TRAILING '.' FROM lowerUTF8({domain:String})) AS asked
SELECT first_logged, class, mark_type, organisation, country, domains, register, number,
       issuer_organisation AS issuer, not_before, not_after,
       multiIf(first_precertificate <= {as_of:DateTime64(3, 'UTC')} AND first_certificate <= {as_of:DateTime64(3, 'UTC')}, 'both', first_certificate <= {as_of:DateTime64(3, 'UTC')}, 'certificate', 'precertificate') AS logged_as,
       is_test, arraySort(logs) AS logs, serial, svg_sha256 AS logo_sha256, tbs_sha256
FROM keyed_issuances
WHERE ({tests:UInt8} = 1 OR NOT is_test)
  AND first_logged <= {as_of:DateTime64(3, 'UTC')}
  AND first_logged >= toDateTime64({since:Date}, 3, 'UTC')
  AND (first_logged < toDateTime64({until:Date}, 3, 'UTC') OR {until:Date} = toDate('2149-06-06'))
  AND ({organisation:String} = '' OR positionCaseInsensitiveUTF8(organisation, {organisation:String}) > 0)
  AND ({domain:String} = '' OR arrayExists(d -> d = asked OR endsWith(d, concat('.', asked)), arrayConcat(domains, domains_unicode)))
ORDER BY first_logged DESC, tbs_sha256
LIMIT if({limit:UInt64} = 0, 18446744073709551615, {limit:UInt64})
