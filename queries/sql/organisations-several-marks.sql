-- title: Organisations with several marks
-- group: Organisations and domains
-- question: Which organisations hold more than one mark?
-- leaves out: Test certificates.
-- denominator: share_of_organisations is that of all organisations with several marks among all organisations, the same in each row.
-- param: least UInt64 = 2: only those with so many marks or more
-- param: limit UInt64 = 0: at most so many rows; 0 is all
-- param: as_of DateTime = '': as things were logged by the end of this day, or by this time (UTC); empty is all that is logged
-- column: organisation: name in the latest certificate
-- column: country: country of the address in the latest certificate
-- column: marks: distinct marks
-- column: registrations: register and canonical number of each that is registered
-- column: unregistered: marks without a registration
-- column: logos: distinct logos
-- column: issuances: certificates issued
-- column: first_seen: log timestamp of the first entry
-- column: share_of_organisations: organisations of at least so many marks over all organisations, from 0 to 1
WITH
    of_organisations AS (SELECT organisation_id, uniqExact(mark_id) AS n FROM keyed_issuances WHERE NOT is_test AND first_logged <= {as_of:DateTime64(3, 'UTC')} GROUP BY organisation_id),
    (SELECT round(countIf(n >= {least:UInt64}) / count(), 6) FROM of_organisations) AS share
SELECT argMax(i.organisation, recency) AS organisation, argMax(i.country, recency) AS country, uniqExact(mark_id) AS marks,
       arraySort(groupUniqArrayIf(concat(register, ' ', number), number != '')) AS registrations,
       uniqExactIf(mark_id, number = '') AS unregistered, uniqExactIf(svg_sha256, svg_sha256 != '') AS logos,
       count() AS issuances, min(first_logged) AS first_seen, share AS share_of_organisations
FROM keyed_issuances AS i
WHERE NOT is_test AND first_logged <= {as_of:DateTime64(3, 'UTC')} AND organisation_id IN (SELECT organisation_id FROM of_organisations WHERE n >= {least:UInt64})
GROUP BY organisation_id
ORDER BY marks DESC, organisation, organisation_id
LIMIT if({limit:UInt64} = 0, 18446744073709551615, {limit:UInt64})
