-- title: Organisations
-- group: Organisations and domains
-- question: Which organisations hold mark certificates, with how many marks and domains?
-- leaves out: Test certificates.
-- param: organisation String = '': only names that contain this, in any case
-- param: country String = '': only this country of the address, as ISO 3166 code
-- param: limit UInt64 = 0: at most so many rows; 0 is all
-- column: organisation: name in the latest certificate
-- column: country: country of the address in the latest certificate
-- column: jurisdiction: country of incorporation
-- column: registration_number: as written in the latest certificate
-- column: marks: distinct marks
-- column: issuances: certificates issued
-- column: domains: all domains certified
-- column: other_names: other spellings in its certificates
-- column: first_seen: log timestamp of the first entry
-- column: last_seen: log timestamp of the latest entry
SELECT organisation, country, jurisdiction_country AS jurisdiction, registration_number, marks, issuances, domains,
       arrayFilter(n -> n != organisation, names) AS other_names, first_seen, last_seen
FROM organisations
WHERE ({organisation:String} = '' OR arrayExists(n -> positionCaseInsensitiveUTF8(n, {organisation:String}) > 0, names))
  AND ({country:String} = '' OR upper(trimBoth(country)) = upper({country:String}))
ORDER BY issuances DESC, organisation, organisation_key
LIMIT if({limit:UInt64} = 0, 18446744073709551615, {limit:UInt64})
