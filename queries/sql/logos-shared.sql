-- title: Logos shared
-- group: Logos
-- question: Which logos, as one and the same SVG file, are certified under unrelated organisations?
-- leaves out: Test certificates. Related are organisations of one name in other jurisdictions, and those that share a registrable domain or a registration; they are listed when related is 1.
-- param: as_of DateTime = '': as things were logged by the end of this day, or by this time (UTC); empty is all that is logged
-- param: related UInt8 = 0: 1 lists related organisations too
-- param: limit UInt64 = 0: at most so many rows; 0 is all
-- column: logo_sha256: SHA-256 of the SVG
-- column: organisation: who was certified with it first
-- column: country: of its address
-- column: domains: all domains certified for it with this logo
-- column: first_seen: log timestamp of its first entry with this logo
-- column: other_organisation: who was certified with it too
-- column: other_country: of its address
-- column: other_domains: all domains certified for that one with this logo
-- column: other_first_seen: log timestamp of that one's first entry with this logo
-- column: related: whether the two are related
-- column: holders: how many organisations have the logo
-- column: tbs_sha256: the first certificate of the one
-- column: other_tbs_sha256: the first certificate of the other
WITH
    counted AS (SELECT * FROM keyed_issuances WHERE NOT is_test AND first_logged <= {as_of:DateTime64(3, 'UTC')} AND svg_sha256 != ''),
    shared AS (SELECT svg_sha256 FROM counted GROUP BY svg_sha256 HAVING min(organisation_id) != max(organisation_id)),
    of_holders AS (
        SELECT svg_sha256, organisation_id, argMax(c.organisation, recency) AS organisation,
               argMax(upper(trimBoth(if(trimBoth(c.country) != '', c.country, c.jurisdiction_country))), recency) AS country,
               arraySort(groupUniqArrayArray(c.domains)) AS domains, min(recency) AS earliest, min(first_logged) AS since, argMin(c.tbs_sha256, recency) AS first_tbs
        FROM counted AS c WHERE svg_sha256 IN (SELECT svg_sha256 FROM shared) GROUP BY svg_sha256, organisation_id),
    -- by what organisations are related: wherever they use it, with this logo or another
    ties AS (
        SELECT organisation_id, any(splitByChar('|', organisation_key)[1]) AS name, groupUniqArrayArray(registrable_domains) AS registrable, groupUniqArrayIf(mark_id, number != '') AS registrations
        FROM keyed_issuances
        WHERE NOT is_test AND first_logged <= {as_of:DateTime64(3, 'UTC')} AND organisation_id IN (SELECT organisation_id FROM of_holders)
        GROUP BY organisation_id),
    known AS (SELECT h.*, t.name AS name, t.registrable AS registrable, t.registrations AS registrations FROM of_holders AS h INNER JOIN ties AS t ON t.organisation_id = h.organisation_id),
    firsts AS (SELECT svg_sha256, argMin(organisation_id, earliest) AS first, count() AS holders FROM of_holders GROUP BY svg_sha256)
SELECT a.svg_sha256 AS logo_sha256, a.organisation AS organisation, a.country AS country, a.domains AS domains, a.since AS first_seen,
       b.organisation AS other_organisation, b.country AS other_country, b.domains AS other_domains, b.since AS other_first_seen,
       (a.name = b.name OR hasAny(a.registrable, b.registrable) OR hasAny(a.registrations, b.registrations))::Bool AS related,
       f.holders AS holders, a.first_tbs AS tbs_sha256, b.first_tbs AS other_tbs_sha256
FROM firsts AS f
INNER JOIN known AS a ON a.svg_sha256 = f.svg_sha256 AND a.organisation_id = f.first
INNER JOIN known AS b ON b.svg_sha256 = f.svg_sha256
WHERE b.organisation_id != f.first AND ({related:UInt8} = 1 OR NOT related)
ORDER BY other_first_seen DESC, logo_sha256, other_tbs_sha256
LIMIT if({limit:UInt64} = 0, 18446744073709551615, {limit:UInt64})
