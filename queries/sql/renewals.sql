-- title: Renewals
-- group: Issuance
-- question: Which marks were certified again for a next validity, by whom, and did logo or owner change?
-- leaves out: Test certificates, and reissues: certificates that end when the one before them ends.
-- param: organisation String = '': only organisations whose name contains this, in any case
-- param: limit UInt64 = 0: at most so many rows; 0 is all
-- param: as_of DateTime = '': as things were logged by the end of this day, or by this time (UTC); empty is all that is logged
-- column: first_logged: log timestamp of the renewal's first entry
-- column: organisation: as the renewal writes it
-- column: register: trademark register as WIPO ST.3 code
-- column: number: canonical number
-- column: not_before: start of the renewal's validity
-- column: not_after: end of the renewal's validity
-- column: previous_not_after: end of the validity before: of those of the mark that end before this one the last, first among those that share a registrable domain with it; where none does, only if it had 90 days or less left when this began
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
    counted AS (SELECT mark_id, not_before, not_after, recency, ending, tbs_id, registrable_domains FROM keyed_issuances WHERE NOT is_test AND first_logged <= {as_of:DateTime64(3, 'UTC')}),
    -- marks whose certificates are not all for the same domains, for which it must be asked which share one
    various AS (
        SELECT mark_id FROM counted GROUP BY mark_id
        HAVING min(not_after) != max(not_after) AND (empty(any(registrable_domains)) OR min(sipHash64(registrable_domains)) != max(sipHash64(registrable_domains)))),
    -- a validity of such a mark: its certificates that end at one time
    validities AS (
        SELECT mark_id, not_after, min(not_before) AS begin, argMin(tbs_id, recency) AS first_tbs, argMax(tbs_id, recency) AS last_tbs,
               groupUniqArrayArray(registrable_domains) AS under
        FROM counted
        WHERE mark_id IN (SELECT mark_id FROM various)
        GROUP BY mark_id, not_after),
    linked AS (
        -- of the others each validity renews the one before: ending is not_after, then recency, whose last bits are tbs_id
        SELECT toUInt128(pair.2) AS tbs_id, toUInt128(pair.1) AS previous
        FROM (
            SELECT arraySort(groupArray(ending)) AS s
            FROM counted
            GROUP BY mark_id
            HAVING min(not_after) != max(not_after) AND notEmpty(any(registrable_domains)) AND min(sipHash64(registrable_domains)) = max(sipHash64(registrable_domains)))
        ARRAY JOIN arrayZip(arrayPopBack(s), arrayPopFront(s)) AS pair
        WHERE bitShiftRight(pair.1, 176) != bitShiftRight(pair.2, 176)
        UNION ALL
        SELECT pair.2.3 AS tbs_id, argMax(pair.1.4, toInt64(pair.1.1) + if(d = '', 0, 1000000000000)) AS previous
        FROM (
            SELECT d, arraySort(v -> v.1, groupArray((not_after, begin, first_tbs, last_tbs))) AS s
            FROM validities ARRAY JOIN arrayPushBack(under, '') AS d
            GROUP BY mark_id, d
            HAVING count() > 1)
        ARRAY JOIN arrayZip(arrayPopBack(s), arrayPopFront(s)) AS pair
        WHERE d != '' OR pair.1.1 <= pair.2.2 + INTERVAL 90 DAY
        GROUP BY tbs_id),
    told AS (
        SELECT tbs_id, tbs_sha256, first_logged, organisation, organisation_id, register, number, not_before, not_after, logo_id, domains, if(issuer_organisation != '', issuer_organisation, issuer_name) AS by_issuer
        FROM keyed_issuances WHERE NOT is_test AND first_logged <= {as_of:DateTime64(3, 'UTC')})
SELECT c.first_logged AS first_logged, c.organisation AS organisation, c.register AS register, c.number AS number,
       c.not_before AS not_before, c.not_after AS not_after, p.not_after AS previous_not_after,
       round((toInt64(c.not_before) - toInt64(p.not_after)) / 86400, 2) AS gap_days,
       (c.logo_id != p.logo_id)::Bool AS logo_changed, (c.organisation_id != p.organisation_id)::Bool AS owner_changed, p.organisation AS previous_organisation,
       c.by_issuer AS issuer, p.by_issuer AS previous_issuer, (c.by_issuer != p.by_issuer)::Bool AS issuer_changed, c.domains AS domains,
       c.tbs_sha256 AS tbs_sha256, p.tbs_sha256 AS previous_tbs_sha256
FROM told AS c
INNER JOIN linked AS l ON l.tbs_id = c.tbs_id
INNER JOIN (SELECT tbs_id, tbs_sha256, organisation, organisation_id, not_after, logo_id, by_issuer FROM told) AS p ON p.tbs_id = l.previous
WHERE {organisation:String} = '' OR positionCaseInsensitiveUTF8(c.organisation, {organisation:String}) > 0
ORDER BY first_logged DESC, tbs_sha256
LIMIT if({limit:UInt64} = 0, 18446744073709551615, {limit:UInt64})
