-- title: Expiring
-- group: Issuance
-- question: Which marks lose their last certificate within 7, 30, 60 or 90 days?
-- leaves out: Test certificates, and marks that hold another certificate that ends later: those are renewed.
-- param: days UInt64 = 90: within so many days
-- param: organisation String = '': only organisations whose name contains this, in any case
-- param: issuer String = '': only those whose last certificate is of this issuer, as in issuers
-- param: limit UInt64 = 0: at most so many rows; 0 is all
-- param: as_of DateTime = now(): as things were at the end of this day, or at this time (UTC); it may be in the future
-- future: yes
-- column: expires: when the mark's last certificate ends: its last second
-- column: days_left: whole days from as_of to then
-- column: within: least of 7, 30, 60 and 90 days within which it is; else days
-- column: register: trademark register as WIPO ST.3 code; empty for a mark without a registration
-- column: number: number in that register in canonical form
-- column: organisation: name in that certificate
-- column: domains: of that certificate
-- column: mark_type: markType, verbatim
-- column: class: VMC, CMC or unknown
-- column: issuer: who issued it
-- column: tbs_sha256: that certificate
WITH
    least({days:UInt64}, 100000) AS span,
    -- the last second of a validity belongs to it
    intDiv(toUnixTimestamp64Milli({as_of:DateTime64(3, 'UTC')}), 1000) AS second
SELECT not_after AS expires, intDiv(toInt64(not_after) - second, 86400) AS days_left,
       multiIf(not_after <= {as_of:DateTime64(3, 'UTC')} + INTERVAL 7 DAY, 7, not_after <= {as_of:DateTime64(3, 'UTC')} + INTERVAL 30 DAY, 30, not_after <= {as_of:DateTime64(3, 'UTC')} + INTERVAL 60 DAY, 60, not_after <= {as_of:DateTime64(3, 'UTC')} + INTERVAL 90 DAY, 90, span) AS within,
       register, number, organisation, domains, mark_type, class, if(issuer_organisation != '', issuer_organisation, issuer_name) AS issuer, tbs_sha256
FROM keyed_issuances
WHERE ending IN (
        SELECT max(ending) FROM keyed_issuances WHERE NOT is_test AND first_logged <= {as_of:DateTime64(3, 'UTC')} GROUP BY mark_id
        HAVING toInt64(max(not_after)) >= second AND max(not_after) <= {as_of:DateTime64(3, 'UTC')} + toIntervalDay(span))
  AND ({organisation:String} = '' OR positionCaseInsensitiveUTF8(organisation, {organisation:String}) > 0)
  AND ({issuer:String} = '' OR issuer = {issuer:String})
ORDER BY expires, tbs_sha256
LIMIT if({limit:UInt64} = 0, 18446744073709551615, {limit:UInt64})
