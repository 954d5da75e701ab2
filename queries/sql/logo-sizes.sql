-- title: Logo sizes
-- group: Logos
-- question: How large are the certified logos?
-- leaves out: Test certificates, and certificates without an SVG.
-- denominator: share_of_logos is of all distinct logos and adds up to 1.
-- param: as_of DateTime = '': as things were logged by the end of this day, or by this time (UTC); empty is all that is logged
-- column: up_to_bytes: size of the SVG, not compressed, up to and with this; each row begins where the one before ends. 32768 bytes is the limit of practice
-- column: logos: distinct logos
-- column: issuances: certificates issued with them
-- column: organisations: distinct organisations
-- column: median_compressed_bytes: of their certificates, the least size that half of the logos as they are embedded don't exceed; 0 where they aren't compressed
-- column: share_of_logos: logos over all distinct logos, from 0 to 1
SELECT arrayFirst(b -> l.bytes <= b, [1024, 2048, 4096, 8192, 16384, 32768, 65536, 131072, 1048576, 4294967295]) AS up_to_bytes,
       uniqExact(i.logo_id) AS logos, count() AS issuances, uniqExact(i.organisation_id) AS organisations,
       quantileExactLow(0.5)(i.logo_compressed_bytes) AS median_compressed_bytes,
       round(logos / sum(logos) OVER (), 6) AS share_of_logos
FROM (SELECT logo_id, organisation_id, logo_compressed_bytes FROM keyed_issuances WHERE NOT is_test AND first_logged <= {as_of:DateTime64(3, 'UTC')} AND svg_sha256 != '') AS i
INNER JOIN (SELECT svg_id, bytes FROM logos) AS l ON l.svg_id = i.logo_id
GROUP BY up_to_bytes
ORDER BY up_to_bytes
