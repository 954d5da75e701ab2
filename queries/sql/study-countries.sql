-- title: The 2021 study: countries
-- group: Studies
-- question: In which countries were the organisations of the study?
-- leaves out: Test certificates, unless tests is 1.
-- denominator: share is of all distinct organisations; each counts once, so that shares add up to 1.
-- param: log String = '': only what this log held, by its name; empty is all logs that are read
-- param: tests UInt8 = 0: 1 counts organisations of test certificates too
-- param: as_of DateTime = '': as things were logged by the end of this day, or by this time (UTC); empty is all that is logged
-- column: country: in capitals, country of the organisation's address in its latest certificate, else of its incorporation; empty if it has neither
-- column: organisations: distinct organisations
-- column: share: organisations over all distinct organisations, from 0 to 1
WITH of_organisations AS (
    SELECT argMax(upper(trimBoth(if(trimBoth(i.country) != '', i.country, i.jurisdiction_country))), recency) AS country
    FROM keyed_issuances AS i
    WHERE first_logged <= {as_of:DateTime64(3, 'UTC')} AND ({tests:UInt8} = 1 OR NOT is_test)
      AND ({log:String} = '' OR tbs_id IN (SELECT tbs_id FROM log_entries WHERE log = {log:String} AND timestamp <= {as_of:DateTime64(3, 'UTC')}))
    GROUP BY organisation_id)
SELECT country, count() AS organisations, round(organisations / sum(organisations) OVER (), 6) AS share
FROM of_organisations
GROUP BY country
ORDER BY organisations DESC, country
