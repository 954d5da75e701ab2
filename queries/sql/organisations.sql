-- title: Organisations
-- group: Organisations and domains
-- question: Which organisations hold mark certificates, with how many marks and domains?
-- leaves out: Test certificates.
-- param: organisation String = '': only names that contain this, in any case
-- param: country String = '': only this country of the address, as ISO 3166 code
-- param: limit UInt64 = 0: at most so many rows; 0 is all
-- param: as_of DateTime = '': as things were logged by the end of this day, or by this time (UTC); empty is all that is logged
-- column: organisation: name in the latest certificate
-- column: country: country of the address in the latest certificate
-- column: jurisdiction: country of incorporation
-- column: registration_number: as written in the latest certificate
-- column: marks: distinct marks
-- column: issuances: certificates issued
-- column: domains: all domains certified
-- column: other_names: other spellings in its certificates
-- column: first_seen: log timestamp of the first entry
-- column: last_seen: log timestamp of the latest entry; where entries came after as_of, of the latest before that was the first of a precertificate or certificate
WITH of_organisations AS (
    SELECT toUInt128(max(recency)) AS last_tbs, uniqExact(mark_id) AS marks, count() AS issuances, arraySort(groupUniqArrayArray(c.domains)) AS domains,
           groupUniqArray(c.organisation) AS names, min(first_logged) AS first_seen, max(if(last_logged <= {as_of:DateTime64(3, 'UTC')}, last_logged, greatest(first_logged, if(first_precertificate <= {as_of:DateTime64(3, 'UTC')}, first_precertificate, first_logged), if(first_certificate <= {as_of:DateTime64(3, 'UTC')}, first_certificate, first_logged)))) AS last_seen
    FROM keyed_issuances AS c
    WHERE NOT is_test AND first_logged <= {as_of:DateTime64(3, 'UTC')}
      AND ({organisation:String} = '' OR organisation_id IN (SELECT organisation_id FROM mark_certificates FINAL WHERE positionCaseInsensitiveUTF8(organisation, {organisation:String}) > 0))
    GROUP BY organisation_id)
SELECT i.organisation AS organisation, i.country AS country, i.jurisdiction_country AS jurisdiction, i.registration_number AS registration_number,
       o.marks AS marks, o.issuances AS issuances, o.domains AS domains, arraySort(arrayFilter(n -> n != i.organisation, o.names)) AS other_names,
       o.first_seen AS first_seen, o.last_seen AS last_seen
FROM keyed_issuances AS i
INNER JOIN of_organisations AS o ON o.last_tbs = i.tbs_id
WHERE ({organisation:String} = '' OR arrayExists(n -> positionCaseInsensitiveUTF8(n, {organisation:String}) > 0, o.names))
  AND ({country:String} = '' OR upper(trimBoth(i.country)) = upper({country:String}))
ORDER BY issuances DESC, organisation, i.recency
LIMIT if({limit:UInt64} = 0, 18446744073709551615, {limit:UInt64})
