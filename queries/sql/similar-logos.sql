-- title: Similar logos
-- group: Logos
-- question: Which logos resemble each other under different organisations?
-- leaves out: Test certificates, logos of one organisation, and copies: one file under several organisations.
-- param: verdict String = '': only pairs of this verdict: match or strong
-- values: match, strong
-- param: organisation String = '': only pairs with an organisation whose name contains this, in any case
-- param: limit UInt64 = 0: at most so many rows; 0 is all
-- param: as_of DateTime = '': as things were logged by the end of this day, or by this time (UTC); empty is all that is logged
-- column: verdict: strong, or match where it is less sure
-- column: score: how close, from 0 to 1
-- column: distance: of the perception hashes of the views that agree, of 64 bits
-- column: reason: in what they agree, in words
-- column: organisation: who has the first logo
-- column: logo: SHA-256 of its SVG
-- column: other_organisation: who has the second one
-- column: other_logo: SHA-256 of its SVG
WITH holders AS (
    SELECT svg_sha256, organisation_id, argMax(organisation, recency) AS name
    FROM keyed_issuances WHERE NOT is_test AND first_logged <= {as_of:DateTime64(3, 'UTC')} AND svg_sha256 != ''
      AND svg_sha256 IN (SELECT toString(arrayJoin([first, second])) FROM similar_logos)
    GROUP BY svg_sha256, organisation_id
)
SELECT s.verdict AS verdict, s.score AS score, s.distance AS distance, s.reason AS reason,
       a.name AS organisation, s.first AS logo, b.name AS other_organisation, s.second AS other_logo
FROM similar_logos AS s
INNER JOIN holders AS a ON a.svg_sha256 = s.first
INNER JOIN holders AS b ON b.svg_sha256 = s.second
WHERE a.organisation_id != b.organisation_id
  AND ({verdict:String} = '' OR s.verdict = {verdict:String})
  AND ({organisation:String} = '' OR positionCaseInsensitiveUTF8(a.name, {organisation:String}) > 0 OR positionCaseInsensitiveUTF8(b.name, {organisation:String}) > 0)
ORDER BY s.score DESC, s.first, s.second, organisation, other_organisation
LIMIT if({limit:UInt64} = 0, 18446744073709551615, {limit:UInt64})
