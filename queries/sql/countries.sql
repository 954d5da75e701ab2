-- title: Countries
-- group: Organisations and domains
-- question: In which countries are the organisations that hold mark certificates?
-- leaves out: Test certificates.
-- denominator: share_of_organisations is of all distinct organisations. One with addresses in two countries counts in both, so shares can add up to more than 1.
-- param: as_of DateTime = '': as things were logged by the end of this day, or by this time (UTC); empty is all that is logged
-- column: country: in capitals, country of the organisation's address (subject countryName), else of its incorporation; empty if the certificate has neither
-- column: organisations: distinct organisations
-- column: marks: distinct marks
-- column: issuances: certificates issued
-- column: share_of_organisations: organisations over all distinct organisations, from 0 to 1
WITH (SELECT uniqExact(organisation_id) FROM keyed_issuances WHERE NOT is_test AND first_logged <= {as_of:DateTime64(3, 'UTC')}) AS total
SELECT
    upper(trimBoth(if(trimBoth(i.country) != '', i.country, i.jurisdiction_country))) AS country,
    uniqExact(organisation_id)                              AS organisations,
    uniqExact(mark_id)                                      AS marks,
    count()                                                 AS issuances,
    round(organisations / total, 6)                         AS share_of_organisations
FROM keyed_issuances AS i
WHERE NOT is_test AND first_logged <= {as_of:DateTime64(3, 'UTC')}
GROUP BY country
ORDER BY organisations DESC, country
