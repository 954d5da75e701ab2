-- title: Registers by country
-- group: Marks
-- question: In which registers do the organisations of each country hold their certified marks?
-- leaves out: Test certificates, and marks without a registration.
-- denominator: share_of_register is of all distinct marks of the register, share_of_country of all distinct registered marks of the country; each adds up to 1.
-- param: register String = '': only this register, as a WIPO ST.3 code
-- param: country String = '': only organisations of this country, as ISO 3166 code
-- param: as_of DateTime = '': as things were logged by the end of this day, or by this time (UTC); empty is all that is logged
-- column: register: WIPO ST.3 code
-- column: country: of the organisation's address in the mark's latest certificate, else of its incorporation; in capitals
-- column: marks: distinct registered marks
-- column: organisations: distinct organisations
-- column: share_of_register: marks over all of the register, from 0 to 1
-- column: share_of_country: marks over all of organisations of the country, from 0 to 1
WITH latest AS (
    SELECT argMax(register, recency) AS register, argMax(organisation_id, recency) AS owner,
           argMax(upper(trimBoth(if(trimBoth(i.country) != '', i.country, i.jurisdiction_country))), recency) AS country
    FROM keyed_issuances AS i WHERE NOT is_test AND first_logged <= {as_of:DateTime64(3, 'UTC')} AND number != '' GROUP BY mark_id)
SELECT register, country, marks, organisations, share_of_register, share_of_country
FROM (
    SELECT register, country, count() AS marks, uniqExact(owner) AS organisations,
           round(marks / sum(marks) OVER (PARTITION BY register), 6) AS share_of_register,
           round(marks / sum(marks) OVER (PARTITION BY country), 6) AS share_of_country
    FROM latest GROUP BY register, country)
WHERE ({register:String} = '' OR register = upper({register:String})) AND ({country:String} = '' OR country = upper({country:String}))
ORDER BY register, marks DESC, country
