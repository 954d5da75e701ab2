-- title: Renewals
-- group: Issuance
-- question: Which marks were certified again for a next validity, by whom, and did logo or owner change?
-- leaves out: Test certificates, and reissues: certificates that end when the one before them ends.
-- param: as_of DateTime = '': as things were logged by the end of this day, or by this time (UTC); empty is all that is logged
-- param: organisation String = '': only organisations whose name contains this, in any case
-- param: limit UInt64 = 0: at most so many rows; 0 is all
-- column: first_logged: log timestamp of the renewal's first entry
-- column: organisation: as the renewal writes it
-- column: register: trademark register as WIPO ST.3 code
-- column: number: canonical number
-- column: not_before: start of the renewal's validity
-- column: not_after: end of the renewal's validity
-- column: previous_not_after: end of the validity before: the one of the same mark that ends last before this, and shares a registrable domain with it, or has 90 days or less left when it begins
-- column: gap_days: days between the two validities; less than 0 where they overlap
-- column: logo_changed: whether the logo is another than the one before
-- column: owner_changed: whether the organisation is another
-- column: previous_organisation: as the certificate before writes it
-- column: issuer: organisation of the CA that issued the renewal
-- column: previous_issuer: of the one that issued the certificate before
-- column: issuer_changed: whether it is another
-- column: domains: of the renewal
-- column: tbs_sha256: the renewal, and of several of one expiry the first
-- column: previous_tbs_sha256: the certificate before, and of several of one expiry the latest
WITH
    counted AS (SELECT mark_id, not_before, not_after, recency, tbs_id, registrable_domains FROM keyed_issuances WHERE NOT is_test AND first_logged <= {as_of:DateTime64(3, 'UTC')}),
    -- a validity of a mark: its certificates that end at one time
    validities AS (
        SELECT mark_id, not_after, min(not_before) AS begin, argMin(tbs_id, recency) AS first_tbs, argMax(tbs_id, recency) AS last_tbs,
               arrayDistinct(arrayFlatten(groupArray(registrable_domains))) AS under
        FROM counted
        WHERE mark_id IN (SELECT mark_id FROM counted GROUP BY mark_id HAVING min(not_after) != max(not_after))
        GROUP BY mark_id, not_after),
    of_domain AS (
        SELECT mark_id, pair.2 AS not_after, max(pair.1) AS previous
        FROM (SELECT mark_id, arraySort(groupArray(not_after)) AS s FROM (SELECT mark_id, not_after, arrayJoin(under) AS d FROM validities) GROUP BY mark_id, d HAVING count() > 1)
        ARRAY JOIN arrayZip(arrayPopBack(s), arrayPopFront(s)) AS pair
        GROUP BY mark_id, not_after),
    of_time AS (
        SELECT v.mark_id AS mark_id, v.not_after AS not_after, p.not_after AS previous
        FROM (SELECT mark_id, not_after, least(begin + INTERVAL 90 DAY, not_after - INTERVAL 1 SECOND) AS latest FROM validities) AS v
        ASOF INNER JOIN (SELECT mark_id, not_after FROM validities) AS p ON p.mark_id = v.mark_id AND p.not_after <= v.latest),
    pairs AS (SELECT mark_id, not_after, max(previous) AS previous FROM (SELECT * FROM of_domain UNION ALL SELECT * FROM of_time) GROUP BY mark_id, not_after),
    linked AS (
        SELECT v.first_tbs AS tbs_id, b.last_tbs AS previous
        FROM pairs AS p
        INNER JOIN (SELECT mark_id, not_after, first_tbs FROM validities) AS v ON v.mark_id = p.mark_id AND v.not_after = p.not_after
        INNER JOIN (SELECT mark_id, not_after, last_tbs FROM validities) AS b ON b.mark_id = p.mark_id AND b.not_after = p.previous),
    told AS (SELECT tbs_id, tbs_sha256, first_logged, organisation, organisation_id, register, number, not_before, not_after, svg_sha256, domains, if(issuer_organisation != '', issuer_organisation, issuer_name) AS issuer FROM keyed_issuances)
SELECT c.first_logged AS first_logged, c.organisation AS organisation, c.register AS register, c.number AS number,
       c.not_before AS not_before, c.not_after AS not_after, p.not_after AS previous_not_after,
       round((toInt64(c.not_before) - toInt64(p.not_after)) / 86400, 2) AS gap_days,
       (c.svg_sha256 != p.svg_sha256)::Bool AS logo_changed, (c.organisation_id != p.organisation_id)::Bool AS owner_changed, p.organisation AS previous_organisation,
       c.issuer AS issuer, p.issuer AS previous_issuer, (c.issuer != p.issuer)::Bool AS issuer_changed, c.domains AS domains,
       c.tbs_sha256 AS tbs_sha256, p.tbs_sha256 AS previous_tbs_sha256
FROM linked AS l
INNER JOIN told AS c ON c.tbs_id = l.tbs_id
INNER JOIN told AS p ON p.tbs_id = l.previous
WHERE {organisation:String} = '' OR positionCaseInsensitiveUTF8(c.organisation, {organisation:String}) > 0
ORDER BY first_logged DESC, tbs_sha256
LIMIT if({limit:UInt64} = 0, 18446744073709551615, {limit:UInt64})
