-- title: Expiring
-- group: Issuance
-- question: Which marks lose their last certificate within 7, 30, 60 or 90 days?
-- leaves out: Test certificates, and marks that hold another certificate that ends later: those are renewed.
-- param: as_of DateTime = now(): as things were at the end of this day, or at this time (UTC); it may be in the future
-- future: yes
-- param: days UInt64 = 90: within so many days
-- param: organisation String = '': only organisations whose name contains this, in any case
-- param: issuer String = '': only those whose last certificate is of this issuer, as in issuers
-- param: limit UInt64 = 0: at most so many rows; 0 is all
-- column: expires: when the mark's last certificate ends
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
    marks_by_end AS (
        SELECT mark_id, max(not_after) AS ends, argMax(tbs_id, (not_after, recency)) AS last_tbs
        FROM keyed_issuances WHERE NOT is_test AND first_logged <= {as_of:DateTime64(3, 'UTC')} GROUP BY mark_id),
    least({days:UInt64}, 100000) AS span
SELECT m.ends AS expires, intDiv(toInt64(m.ends) - intDiv(toUnixTimestamp64Milli({as_of:DateTime64(3, 'UTC')}), 1000), 86400) AS days_left,
       multiIf(m.ends <= {as_of:DateTime64(3, 'UTC')} + INTERVAL 7 DAY, 7, m.ends <= {as_of:DateTime64(3, 'UTC')} + INTERVAL 30 DAY, 30, m.ends <= {as_of:DateTime64(3, 'UTC')} + INTERVAL 60 DAY, 60, m.ends <= {as_of:DateTime64(3, 'UTC')} + INTERVAL 90 DAY, 90, span) AS within,
       i.register AS register, i.number AS number, i.organisation AS organisation, i.domains AS domains, i.mark_type AS mark_type, i.class AS class,
       if(i.issuer_organisation != '', i.issuer_organisation, i.issuer_name) AS issuer, i.tbs_sha256 AS tbs_sha256
FROM (SELECT * FROM marks_by_end WHERE ends >= {as_of:DateTime64(3, 'UTC')} AND ends <= {as_of:DateTime64(3, 'UTC')} + toIntervalDay(span)) AS m
INNER JOIN keyed_issuances AS i ON i.tbs_id = m.last_tbs
WHERE ({organisation:String} = '' OR positionCaseInsensitiveUTF8(i.organisation, {organisation:String}) > 0)
  AND ({issuer:String} = '' OR issuer = {issuer:String})
ORDER BY expires, tbs_sha256
LIMIT if({limit:UInt64} = 0, 18446744073709551615, {limit:UInt64})
