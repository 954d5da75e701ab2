-- title: Lapsed
-- group: Issuance
-- question: Which marks have no valid certificate any more: expired and never renewed?
-- leaves out: Test certificates. A mark that was certified again, under whichever organisation, isn't lapsed. Revocation isn't seen in logs.
-- denominator: share_of_marks is of all distinct marks; it is that of all lapsed marks, the same in each row.
-- param: organisation String = '': only organisations whose name contains this, in any case
-- param: issuer String = '': only those whose last certificate is of this issuer, as in issuers
-- param: limit UInt64 = 0: at most so many rows; 0 is all
-- param: as_of DateTime = now(): as things were at the end of this day, or at this time (UTC)
-- column: register: trademark register as WIPO ST.3 code; empty for a mark without a registration
-- column: number: number in that register in canonical form
-- column: organisation: name in the certificate that ended last
-- column: domains: of that certificate
-- column: mark_type: markType of that certificate, verbatim
-- column: issuer: who issued it
-- column: expired: when it ended: its last second
-- column: days_ago: days from then to as_of
-- column: issuances: certificates issued for the mark
-- column: first_seen: log timestamp of the mark's first entry
-- column: share_of_marks: all lapsed marks over all marks, from 0 to 1
-- column: tbs_sha256: the certificate that ended last
WITH
    -- the last second of a validity belongs to it
    intDiv(toUnixTimestamp64Milli({as_of:DateTime64(3, 'UTC')}), 1000) AS second,
    ends AS (
        SELECT toUInt128(max(ending)) AS last_tbs, max(not_after) AS ended, count() AS issued, min(first_logged) AS since
        FROM keyed_issuances WHERE NOT is_test AND first_logged <= {as_of:DateTime64(3, 'UTC')} GROUP BY mark_id),
    (SELECT round(countIf(toInt64(ended) < second) / count(), 6) FROM ends) AS share
SELECT i.register AS register, i.number AS number, i.organisation AS organisation, i.domains AS domains, i.mark_type AS mark_type,
       if(i.issuer_organisation != '', i.issuer_organisation, i.issuer_name) AS issuer, i.not_after AS expired,
       intDiv(second - toInt64(i.not_after), 86400) AS days_ago,
       e.issued AS issuances, e.since AS first_seen, share AS share_of_marks, i.tbs_sha256 AS tbs_sha256
FROM keyed_issuances AS i
INNER JOIN (SELECT last_tbs, issued, since FROM ends WHERE toInt64(ended) < second) AS e ON e.last_tbs = i.tbs_id
WHERE ({organisation:String} = '' OR positionCaseInsensitiveUTF8(i.organisation, {organisation:String}) > 0)
  AND ({issuer:String} = '' OR issuer = {issuer:String})
ORDER BY expired DESC, tbs_sha256
LIMIT if({limit:UInt64} = 0, 18446744073709551615, {limit:UInt64})
