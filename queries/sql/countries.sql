-- title: Countries
-- group: Organisations and domains
-- question: In which countries are the organisations that hold mark certificates?
-- leaves out: Test certificates.
-- denominator: share_of_organisations is of all distinct organisations. One with addresses in two countries counts in both, so shares can add up to more than 1.
-- column: country: in capitals, country of the organisation's address (subject countryName), else of its incorporation; empty if the certificate has neither
-- column: organisations: distinct organisations
-- column: marks: distinct marks
-- column: issuances: certificates issued
-- column: share_of_organisations: organisations over all distinct organisations, from 0 to 1
WITH (SELECT uniqExact(organisation_key) FROM issuances WHERE NOT is_test) AS total
SELECT
    upper(trimBoth(if(trimBoth(i.country) != '', i.country, i.jurisdiction_country))) AS country,
    uniqExact(i.organisation_key)                           AS organisations,
    uniqExact(i.mark_key)                                   AS marks,
    count()                                                 AS issuances,
    round(organisations / total, 6)                         AS share_of_organisations
FROM issuances AS i
WHERE NOT i.is_test
GROUP BY country
ORDER BY organisations DESC, country
