-- title: Log delay
-- group: Issuance
-- question: How long after the start of its validity is a certificate logged?
-- leaves out: Test certificates. Clocks and CAs that set notBefore back can't be told from delay.
-- denominator: share_within_a_day is of the issuances of the row.
-- param: measured_by String = '': only by timestamps of entries of logs that are read, or only by those of SCTs in certificates
-- values: entry, sct
-- param: as_of DateTime = '': as things were logged by the end of this day, or by this time (UTC); empty is all that is logged
-- column: log: name; of a log that isn't known, its id
-- column: measured_by: entry: timestamp of its first entry in the log; sct: earliest timestamp that the log promised in an SCT of the certificate
-- column: issuer: organisation of the issuing CA
-- column: issuances: issuances measured
-- column: before_start: of these logged before notBefore
-- column: min_hours: least delay in hours; less than 0 where logged before notBefore
-- column: median_hours: least delay within which half are logged
-- column: p95_hours: least delay within which 95 of 100 are logged
-- column: max_hours: greatest delay
-- column: share_within_a_day: issuances logged no more than 24 hours after notBefore, over issuances, from 0 to 1
WITH
    times AS (
        SELECT log, 'entry' AS source, tbs_id, min(timestamp) AS at
        FROM log_entries WHERE timestamp <= {as_of:DateTime64(3, 'UTC')} AND {measured_by:String} != 'sct' GROUP BY log, tbs_id
        UNION ALL
        SELECT if(k.log = '', s.sct_log, k.log) AS log, 'sct' AS source, s.tbs_id AS tbs_id, min(s.at) AS at
        FROM (SELECT tbs_id, toString(sct_log) AS sct_log, sct_at AS at FROM log_entries ARRAY JOIN sct_log_ids AS sct_log, sct_timestamps AS sct_at
              WHERE timestamp <= {as_of:DateTime64(3, 'UTC')} AND {measured_by:String} != 'entry') AS s
        LEFT JOIN (SELECT toString(log_id) AS id, any(logs.log) AS log FROM logs GROUP BY id) AS k ON k.id = s.sct_log
        GROUP BY log, tbs_id),
    counted AS (SELECT tbs_id, if(issuer_organisation != '', issuer_organisation, issuer_name) AS issuer, toInt64(not_before) * 1000 AS start FROM keyed_issuances WHERE NOT is_test AND first_logged <= {as_of:DateTime64(3, 'UTC')})
SELECT t.log AS log, t.source AS measured_by, c.issuer AS issuer, count() AS issuances,
       countIf(delay < 0)                               AS before_start,
       round(min(delay) / 3600000, 2)                   AS min_hours,
       -- by nearest rank: counted from the greatest, a twentieth is above the one that is taken
       round(-quantileExact(0.5)(-delay) / 3600000, 2)  AS median_hours,
       round(-quantileExact(0.05)(-delay) / 3600000, 2) AS p95_hours,
       round(max(delay) / 3600000, 2)                   AS max_hours,
       round(countIf(delay <= 86400000) / issuances, 6) AS share_within_a_day
FROM (SELECT log, source, tbs_id, toUnixTimestamp64Milli(at) AS logged FROM times) AS t
INNER JOIN (SELECT * FROM counted) AS c ON c.tbs_id = t.tbs_id
ARRAY JOIN [t.logged - c.start] AS delay
GROUP BY log, measured_by, issuer
ORDER BY log, measured_by, issuances DESC, issuer
