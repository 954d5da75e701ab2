-- title: Logos
-- group: Logos
-- question: Which logos do the certificates hold, and whose are they?
-- leaves out: Nothing: logos of test certificates are there too.
-- column: logo_sha256: SHA-256 of the SVG: its file is svg/SHA256.svg
-- column: bytes: size of the SVG
-- column: title: its title element
-- column: organisations: names in the certificates that hold it
-- column: issuances: certificates that hold it
-- column: first_seen: log timestamp of the first of them
-- column: perception_hash: perceptual hash of its picture (goimagehash's, 64 bits) as hexadecimal; empty where the picture isn't described yet
-- column: difference_hash: difference hash, likewise
-- column: average_hash: average hash, likewise
-- column: features_version: version of renderer and descriptor that the hashes are of; 0 where the picture isn't described yet
-- column: problem: why it can't be drawn
SELECT l.svg_sha256 AS logo_sha256, l.bytes AS bytes, l.title AS title, h.organisations AS organisations, h.issuances AS issuances, h.first_seen AS first_seen,
       if(l.features_version = 0, '', lower(hex(l.perception_hash))) AS perception_hash,
       if(l.features_version = 0, '', lower(hex(l.difference_hash))) AS difference_hash,
       if(l.features_version = 0, '', lower(hex(l.average_hash))) AS average_hash,
       l.features_version AS features_version, l.problem AS problem
FROM logos AS l
INNER JOIN (
    SELECT svg_sha256, arraySort(groupUniqArray(organisation)) AS organisations, count() AS issuances, min(first_logged) AS first_seen
    FROM issuances WHERE svg_sha256 != '' GROUP BY svg_sha256
) AS h ON h.svg_sha256 = toString(l.svg_sha256)
ORDER BY logo_sha256
