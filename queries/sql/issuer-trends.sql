-- title: Issuer trends
-- group: Issuance
-- question: How does each issuer's share of the market change over time?
-- leaves out: Test certificates. A period in which an issuer issued nothing has no row of it.
-- denominator: share_of_issuances is of all issuances of the period, share_of_new_organisations of all organisations new in it; each adds up to 1 for a period.
-- param: period String = 'quarter': how long each period is
-- values: year, quarter, month
-- param: as_of DateTime = '': as things were logged by the end of this day, or by this time (UTC); empty is all that is logged
-- column: period: its first day, UTC; issuances count where they were first logged
-- column: issuer: organisation of the issuing CA
-- column: issuances: certificates issued in the period
-- column: vmc: of these Verified Mark Certificates
-- column: cmc: of these Common Mark Certificates
-- column: organisations: distinct organisations certified in the period
-- column: new_organisations: organisations whose first mark certificate of all is of this issuer and period
-- column: share_of_issuances: issuances over all issuances of the period, from 0 to 1
-- column: share_of_new_organisations: new_organisations over all of the period, from 0 to 1
WITH
    counted AS (
        SELECT toDate32(multiIf({period:String} = 'year', toStartOfYear(first_logged), {period:String} = 'month', toStartOfMonth(first_logged), toStartOfQuarter(first_logged))) AS begin,
               recency AS at, if(issuer_organisation != '', issuer_organisation, issuer_name) AS name, class AS kind, organisation_id
        FROM keyed_issuances WHERE NOT is_test AND first_logged <= {as_of:DateTime64(3, 'UTC')}),
    newcomers AS (
        SELECT begin, name, count() AS n
        FROM (SELECT min(counted.begin) AS begin, argMin(counted.name, counted.at) AS name FROM counted GROUP BY organisation_id)
        GROUP BY begin, name),
    periods AS (
        SELECT begin, name, count() AS issuances, countIf(kind = 'VMC') AS vmc, countIf(kind = 'CMC') AS cmc, uniqExact(organisation_id) AS organisations
        FROM counted GROUP BY begin, name)
SELECT p.begin AS period, p.name AS issuer, issuances, vmc, cmc, organisations, n.n AS new_organisations,
       round(issuances / sum(issuances) OVER (PARTITION BY p.begin), 6) AS share_of_issuances,
       if(new_organisations = 0, 0, round(new_organisations / sum(n.n) OVER (PARTITION BY p.begin), 6)) AS share_of_new_organisations
FROM periods AS p
LEFT JOIN newcomers AS n ON n.begin = p.begin AND n.name = p.name
ORDER BY period, issuances DESC, issuer
SETTINGS enable_extended_results_for_datetime_functions = 1
