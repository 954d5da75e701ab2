-- title: Organisations
-- group: Organisations and domains
-- question: Which organisations hold mark certificates, with how many marks and domains?
-- leaves out: Test certificates.
-- column: organisation_key: identity of the organisation, as in certificates
-- column: organisation: name in the latest certificate
-- column: country: country of the address in the latest certificate
-- column: jurisdiction_country: country of incorporation in the latest certificate
-- column: registration_number: as written in the latest certificate
-- column: business_category: businessCategory of the latest certificate
-- column: names: every spelling of the name
-- column: domains: all domains certified, as A-labels
-- column: marks: distinct marks
-- column: issuances: certificates issued
-- column: first_seen: log timestamp of the first entry
-- column: last_seen: log timestamp of the latest entry
-- column: valid_until: latest end of validity
SELECT organisation_key, organisation, country, jurisdiction_country, registration_number, business_category, names, domains,
       marks, issuances, first_seen, last_seen, valid_until
FROM organisations
ORDER BY organisation_key
