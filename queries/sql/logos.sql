-- title: Logos
-- group: Logos
-- question: Which logos are certified, for whom, and since when?
-- leaves out: Test certificates, and certificates without an SVG.
-- param: organisation String = '': only organisations whose name contains this, in any case
-- param: limit UInt64 = 0: at most so many rows; 0 is all
-- param: as_of DateTime = '': as things were logged by the end of this day, or by this time (UTC); empty is all that is logged
-- column: logo_sha256: SHA-256 of the SVG
-- column: title: of the SVG, as written
-- column: bytes: size of the SVG, not compressed
-- column: organisations: names of those that have it, the first first
-- column: marks: distinct marks
-- column: issuances: certificates issued with it
-- column: first_seen: log timestamp of the first entry
-- column: last_seen: when the latest of its certificates was first logged
-- column: perception_hash: goimagehash's, as 16 hexadecimal digits; empty until the matcher has described the logo
-- column: problem: why it couldn't be drawn; empty where it could
WITH
    of_holders AS (
        SELECT logo_id, organisation_id, any(svg_sha256) AS sha256, argMax(organisation, recency) AS holder, uniqExactState(mark_id) AS mark_ids, count() AS n,
               min(recency) AS earliest, min(first_logged) AS first_seen, max(first_logged) AS last_seen
        FROM keyed_issuances WHERE NOT is_test AND first_logged <= {as_of:DateTime64(3, 'UTC')} AND svg_sha256 != '' GROUP BY logo_id, organisation_id),
    of_logos AS (
        SELECT logo_id, any(sha256) AS sha256, arrayMap(t -> t.2, arraySort(x -> x.1, groupArray((earliest, holder)))) AS organisations,
               uniqExactMerge(mark_ids) AS marks, sum(n) AS issuances, min(h.first_seen) AS first_seen, max(h.last_seen) AS last_seen
        FROM of_holders AS h GROUP BY logo_id)
SELECT o.sha256 AS logo_sha256, l.title AS title, l.bytes AS bytes, o.organisations AS organisations, o.marks AS marks, o.issuances AS issuances,
       o.first_seen AS first_seen, o.last_seen AS last_seen, if(l.features_version = 0, '', leftPad(lower(hex(l.perception_hash)), 16, '0')) AS perception_hash, l.problem AS problem
FROM of_logos AS o
LEFT JOIN (SELECT svg_id, title, bytes, features_version, perception_hash, problem FROM logos) AS l ON l.svg_id = o.logo_id
WHERE {organisation:String} = '' OR arrayExists(n -> positionCaseInsensitiveUTF8(n, {organisation:String}) > 0, organisations)
ORDER BY last_seen DESC, logo_sha256
LIMIT if({limit:UInt64} = 0, 18446744073709551615, {limit:UInt64})
