-- title: Search
-- group: Organisations and domains
-- question: Which marks have this term in the organisation's name, a domain, the registration number or the word mark?
-- leaves out: Test certificates. Without a term nothing is found.
-- param: term String = '': what to look for, in any case; a number also without its separators, a domain as A-labels or in Unicode
-- param: limit UInt64 = 0: at most so many rows; 0 is all
-- param: as_of DateTime = '': as things were logged by the end of this day, or by this time (UTC); empty is all that is logged
-- column: found_in: where the term is: organisation, domain, number, word mark
-- column: organisation: name in the mark's latest certificate
-- column: country: of its address
-- column: register: trademark register as WIPO ST.3 code; empty for a mark without a registration
-- column: number: canonical number
-- column: word_mark: of the latest certificate
-- column: domains: all domains the mark was certified for
-- column: mark_type: markType of the latest certificate, verbatim
-- column: issuances: certificates issued for the mark
-- column: first_seen: log timestamp of the first entry
-- column: valid_until: end of the certificate that ends last
-- column: logo_sha256: SHA-256 of the latest SVG
WITH
    lowerUTF8(trimBoth({term:String})) AS asked,
    upper(replaceRegexpAll(asked, '[ .,/-]', '')) AS bare,
    if(match(bare, '^[A-Z]*[0-9]+[A-Z]*$'), bare, '\0') AS digits
SELECT arrayFilter(w -> w != '', [if(max(positionUTF8(lowerUTF8(i.organisation), asked)) > 0, 'organisation', ''),
                                  if(max(arrayExists(d -> position(d, asked) > 0, arrayConcat(i.domains, i.domains_unicode))), 'domain', ''),
                                  if(max(position(i.number, digits)) > 0 OR max(position(lowerUTF8(i.number_as_written), asked)) > 0, 'number', ''),
                                  if(max(positionUTF8(lowerUTF8(i.word_mark), asked)) > 0, 'word mark', '')]) AS found_in,
       argMax(i.organisation, recency) AS organisation, argMax(i.country, recency) AS country, argMax(i.register, recency) AS register, argMax(i.number, recency) AS number,
       argMax(i.word_mark, recency) AS word_mark, arraySort(groupUniqArrayArray(i.domains)) AS domains, argMax(i.mark_type, recency) AS mark_type,
       count() AS issuances, min(first_logged) AS first_seen, max(not_after) AS valid_until, argMax(i.svg_sha256, recency) AS logo_sha256
FROM mark_certificates AS i FINAL
PREWHERE tbs_id IN (SELECT tbs_id FROM mark_certificates FINAL WHERE mark_id IN (
    SELECT mark_id FROM mark_certificates FINAL WHERE asked != '' AND (position(search_text, asked) > 0 OR position(number, digits) > 0)))
WHERE NOT is_test AND first_logged <= {as_of:DateTime64(3, 'UTC')}
GROUP BY mark_id
HAVING notEmpty(found_in)
ORDER BY organisation, register, number, mark_id
LIMIT if({limit:UInt64} = 0, 18446744073709551615, {limit:UInt64})
-- no index knows these ids, and looking for one would answer the inner questions twice
SETTINGS use_index_for_in_with_subqueries = 0
