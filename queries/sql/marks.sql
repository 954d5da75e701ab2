-- title: Marks
-- group: Marks
-- question: Which marks hold a certificate, whose are they, and since when?
-- leaves out: Test certificates.
-- param: organisation String = '': only organisations whose name contains this, in any case
-- param: domain String = '': only marks certified for this domain or one under it, as A-labels or in Unicode
-- param: register String = '': only this register, as a WIPO ST.3 code such as US or EM
-- param: number String = '': only this canonical number
-- param: limit UInt64 = 0: at most so many rows; 0 is all
-- param: as_of DateTime = '': as things were logged by the end of this day, or by this time (UTC); empty is all that is logged
-- column: register: trademark register as WIPO ST.3 code; empty for a mark without a registration
-- column: number: number in that register in canonical form
-- column: number_as_written: number as the latest certificate writes it
-- column: organisation: name in the latest certificate
-- column: domains: all domains the mark was certified for
-- column: mark_type: markType of the latest certificate, verbatim; empty before about 2022
-- column: class: VMC, CMC or unknown
-- column: first_seen: log timestamp of the first entry
-- column: last_seen: log timestamp of the latest entry; where entries came after as_of, of the latest before that was the first of a precertificate or certificate
-- column: issuances: certificates issued for the mark
-- column: logo_sha256: SHA-256 of the latest SVG
WITH trim(TRAILING '.' FROM lowerUTF8({domain:String})) AS asked,
    chosen AS (
        SELECT mark_id FROM mark_certificates FINAL
        WHERE NOT is_test AND first_logged <= {as_of:DateTime64(3, 'UTC')}
          AND ({organisation:String} = '' OR positionCaseInsensitiveUTF8(organisation, {organisation:String}) > 0)
          AND ({domain:String} = '' OR arrayExists(d -> d = asked OR endsWith(d, concat('.', asked)), arrayConcat(domains, domains_unicode)))
          AND ({register:String} = '' OR register = upper({register:String}))
          AND ({number:String} = '' OR number = {number:String})),
    {organisation:String} = '' AND {domain:String} = '' AND {register:String} = '' AND {number:String} = '' AS all_of_them,
    -- what is read of few issuances is sought by tbs_id, which is the same in every row of one
    picked AS (SELECT tbs_id FROM mark_certificates FINAL WHERE mark_id IN (SELECT mark_id FROM chosen)),
    -- the last bits of recency are tbs_id
    of_marks AS (
        SELECT toUInt128(max(recency)) AS last_tbs, arraySort(groupUniqArrayArray(domains)) AS domains, count() AS issuances,
               min(first_logged) AS first_seen, max(if(last_logged <= {as_of:DateTime64(3, 'UTC')}, last_logged, greatest(first_logged, if(first_precertificate <= {as_of:DateTime64(3, 'UTC')}, first_precertificate, first_logged), if(first_certificate <= {as_of:DateTime64(3, 'UTC')}, first_certificate, first_logged)))) AS last_seen
        FROM mark_certificates AS c FINAL
        PREWHERE all_of_them OR tbs_id IN (SELECT tbs_id FROM picked)
        WHERE NOT is_test AND first_logged <= {as_of:DateTime64(3, 'UTC')}
        GROUP BY mark_id)
SELECT i.register AS register, i.number AS number, i.number_as_written AS number_as_written, i.organisation AS organisation, m.domains AS domains,
       i.mark_type AS mark_type, i.class AS class, m.first_seen AS first_seen, m.last_seen AS last_seen, m.issuances AS issuances, i.svg_sha256 AS logo_sha256
FROM (
    -- all of them: the engine reads of these what is joined
    SELECT tbs_id, recency, register, number, number_as_written, organisation, mark_type, class, svg_sha256
    FROM mark_certificates FINAL) AS i
INNER JOIN of_marks AS m ON m.last_tbs = i.tbs_id
WHERE {organisation:String} = '' OR positionCaseInsensitiveUTF8(i.organisation, {organisation:String}) > 0
ORDER BY last_seen DESC, register, number, i.recency
LIMIT if({limit:UInt64} = 0, 18446744073709551615, {limit:UInt64})
-- no index knows these ids, and looking for one would answer the inner questions twice
SETTINGS use_index_for_in_with_subqueries = 0
