-- title: Reissues
-- group: Issuance
-- question: Which certificates were issued again with the same expiry, and what changed?
-- leaves out: Test certificates.
-- param: organisation String = '': only organisations whose name contains this, in any case
-- param: limit UInt64 = 0: at most so many rows; 0 is all
-- param: as_of DateTime = '': as things were logged by the end of this day, or by this time (UTC); empty is all that is logged
-- column: first_logged: log timestamp of the reissue's first entry
-- column: organisation: as the reissue writes it
-- column: register: trademark register as WIPO ST.3 code
-- column: number: canonical number
-- column: domains: of the reissue
-- column: not_after: end of validity, the same for both
-- column: issuer: organisation of the CA that issued the reissue
-- column: days_after: days from the first log entry of the certificate before to that of the reissue
-- column: logo_changed: whether the logo is another
-- column: domains_changed: whether the domains are others
-- column: name_changed: whether the organisation is written in another way; it is the same organisation
-- column: previous_tbs_sha256: the certificate before: of the same mark, organisation and expiry, for a domain under the same registrable domain
-- column: tbs_sha256: the reissue
WITH
    counted AS (SELECT recency, tbs_id, registrable_domains, sipHash64(mark_id, organisation_id, not_after) AS family FROM keyed_issuances WHERE NOT is_test AND first_logged <= {as_of:DateTime64(3, 'UTC')}),
    families AS (SELECT family FROM counted GROUP BY family HAVING count() > 1),
    -- each certificate with the one before it of its mark, organisation and expiry, for each registrable domain
    before AS (
        SELECT pair.2.2 AS tbs_id, argMax(pair.1.2, pair.1.1) AS previous
        FROM (
            SELECT arraySort(groupArray((recency, tbs_id))) AS s
            FROM (SELECT family, recency, tbs_id, arrayJoin(if(empty(registrable_domains), [''], registrable_domains)) AS d FROM counted WHERE family IN (SELECT family FROM families))
            GROUP BY family, d
            HAVING count() > 1)
        ARRAY JOIN arrayZip(arrayPopBack(s), arrayPopFront(s)) AS pair
        GROUP BY tbs_id),
    -- not only those: what a join's other side has is all that it reads
    told AS (
        SELECT tbs_id, tbs_sha256, first_logged, organisation, register, number, domains, domain_ids, not_after, logo_id, if(issuer_organisation != '', issuer_organisation, issuer_name) AS by_issuer
        FROM keyed_issuances WHERE NOT is_test AND first_logged <= {as_of:DateTime64(3, 'UTC')})
SELECT c.first_logged AS first_logged, c.organisation AS organisation, c.register AS register, c.number AS number, c.domains AS domains, c.not_after AS not_after,
       c.by_issuer AS issuer,
       round((toUnixTimestamp64Milli(c.first_logged) - toUnixTimestamp64Milli(p.first_logged)) / 86400000, 2) AS days_after,
       (c.logo_id != p.logo_id)::Bool AS logo_changed,
       (arraySort(c.domain_ids) != arraySort(p.domain_ids))::Bool AS domains_changed,
       (c.organisation != p.organisation)::Bool AS name_changed,
       p.tbs_sha256 AS previous_tbs_sha256, c.tbs_sha256 AS tbs_sha256
FROM told AS c
INNER JOIN before AS b ON b.tbs_id = c.tbs_id
INNER JOIN (SELECT tbs_id, tbs_sha256, first_logged, organisation, domain_ids, logo_id FROM told) AS p ON p.tbs_id = b.previous
WHERE {organisation:String} = '' OR positionCaseInsensitiveUTF8(c.organisation, {organisation:String}) > 0
ORDER BY first_logged DESC, tbs_sha256
LIMIT if({limit:UInt64} = 0, 18446744073709551615, {limit:UInt64})
