-- title: Newest marks
-- group: Marks
-- question: Which marks were certified for the first time lately?
-- leaves out: Test certificates, and further certificates of marks that were certified before.
-- param: since Date = 1970-01-01: only marks first seen on this day or later
-- param: limit UInt64 = 100: at most so many rows, the newest; 0 is all
-- param: as_of DateTime = '': as things were logged by the end of this day, or by this time (UTC); empty is all that is logged
-- column: first_seen: log timestamp of the mark's first entry
-- column: register: trademark register as WIPO ST.3 code; empty for a mark without a registration
-- column: number: canonical number
-- column: organisation: name in the mark's first certificate
-- column: new_organisation: whether the organisation had no mark certificate before either
-- column: country: of its address
-- column: domains: of that certificate
-- column: mark_type: markType, verbatim
-- column: class: VMC, CMC or unknown
-- column: issuer: organisation of the issuing CA
-- column: logo_sha256: SHA-256 of the SVG
-- column: tbs_sha256: that certificate
WITH chosen AS (
    SELECT min(recency) AS first FROM keyed_issuances WHERE NOT is_test AND first_logged <= {as_of:DateTime64(3, 'UTC')}
    GROUP BY mark_id
    HAVING min(first_logged) >= toDateTime64({since:Date}, 3, 'UTC')
    ORDER BY first DESC
    LIMIT if({limit:UInt64} = 0, 18446744073709551615, {limit:UInt64}))
SELECT first_logged AS first_seen, register, number, organisation,
       (recency IN (SELECT min(recency) FROM keyed_issuances WHERE NOT is_test AND first_logged <= {as_of:DateTime64(3, 'UTC')} GROUP BY organisation_id))::Bool AS new_organisation,
       country, domains, mark_type, class, if(issuer_organisation != '', issuer_organisation, issuer_name) AS issuer, svg_sha256 AS logo_sha256, tbs_sha256
FROM keyed_issuances
WHERE recency IN (SELECT first FROM chosen)
ORDER BY recency DESC
