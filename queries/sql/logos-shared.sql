-- title: Logos shared
-- group: Logos
-- question: Which logos, as one and the same SVG file, are certified under unrelated organisations?
-- leaves out: Test certificates. Related are organisations of one name in other jurisdictions, and those that share a registrable domain or a registration; they are listed when related is 1.
-- param: related UInt8 = 0: 1 lists related organisations too
-- param: limit UInt64 = 0: at most so many rows; 0 is all
-- param: as_of DateTime = '': as things were logged by the end of this day, or by this time (UTC); empty is all that is logged
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
    shared AS (SELECT logo_id FROM counted GROUP BY logo_id HAVING min(organisation_id) != max(organisation_id)),
    of_holders AS (
        SELECT logo_id, organisation_id, any(svg_sha256) AS svg_sha256, argMax(c.organisation, recency) AS organisation,
               argMax(upper(trimBoth(if(trimBoth(c.country) != '', c.country, c.jurisdiction_country))), recency) AS country,
               arraySort(groupUniqArrayArray(c.domains)) AS domains, min(recency) AS earliest, min(first_logged) AS since, argMin(c.tbs_sha256, recency) AS first_tbs
        FROM counted AS c WHERE logo_id IN (SELECT logo_id FROM shared) GROUP BY logo_id, organisation_id),
    -- by what organisations are related: all that they are certified for, with this logo or another
    ties AS (
        SELECT organisation_id, any(splitByChar('|', organisation_key)[1]) AS name, groupUniqArrayArray(registrable_domains) AS registrable, groupUniqArrayIf(mark_id, number != '') AS registrations
        FROM keyed_issuances
        WHERE NOT is_test AND first_logged <= {as_of:DateTime64(3, 'UTC')} AND organisation_id IN (SELECT organisation_id FROM counted WHERE logo_id IN (SELECT logo_id FROM shared))
        GROUP BY organisation_id),
    of_logos AS (
        SELECT any(h.svg_sha256) AS svg_sha256,
               arraySort(x -> x.1, groupArray((earliest, h.organisation, h.country, h.domains, since, first_tbs, t.name, t.registrable, t.registrations))) AS holders
        FROM of_holders AS h INNER JOIN ties AS t ON t.organisation_id = h.organisation_id
        GROUP BY logo_id)
SELECT svg_sha256 AS logo_sha256, l.holders[1].2 AS organisation, l.holders[1].3 AS country, l.holders[1].4 AS domains, l.holders[1].5 AS first_seen,
       other.2 AS other_organisation, other.3 AS other_country, other.4 AS other_domains, other.5 AS other_first_seen,
       (l.holders[1].7 = other.7 OR hasAny(l.holders[1].8, other.8) OR hasAny(l.holders[1].9, other.9))::Bool AS related,
       length(l.holders) AS holders, l.holders[1].6 AS tbs_sha256, other.6 AS other_tbs_sha256
FROM of_logos AS l
ARRAY JOIN arrayPopFront(l.holders) AS other
WHERE {related:UInt8} = 1 OR NOT related
ORDER BY other_first_seen DESC, logo_sha256, other_tbs_sha256
LIMIT if({limit:UInt64} = 0, 18446744073709551615, {limit:UInt64})
