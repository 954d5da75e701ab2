-- title: Mark types
-- group: Marks
-- question: Which types of mark are certified, how many of each, and since when?
-- leaves out: Test certificates.
-- denominator: share_of_issuances is of all issuances and adds up to 1; share_of_marks is of all distinct marks, and a mark certified under two types counts in both.
-- param: as_of DateTime = '': as things were logged by the end of this day, or by this time (UTC); empty is all that is logged
-- column: mark_type: markType, verbatim; empty where the certificate has none, as before about 2022
-- column: class: VMC, CMC or unknown
-- column: class_inferred: whether the class follows from what else the certificate says, for want of a markType
-- column: issuances: certificates issued
-- column: marks: distinct marks
-- column: organisations: distinct organisations
-- column: issuers: distinct issuers
-- column: first_seen: when the first was first logged
-- column: last_seen: when the latest was first logged
-- column: share_of_issuances: issuances over all issuances, from 0 to 1
-- column: share_of_marks: marks over all distinct marks, from 0 to 1
WITH (SELECT (count(), uniqExact(mark_id)) FROM keyed_issuances WHERE NOT is_test AND first_logged <= {as_of:DateTime64(3, 'UTC')}) AS total
SELECT mark_type, class, class_inferred, count() AS issuances, uniqExact(mark_id) AS marks, uniqExact(organisation_id) AS organisations,
       uniqExact(if(issuer_organisation != '', issuer_organisation, issuer_name)) AS issuers, min(first_logged) AS first_seen, max(first_logged) AS last_seen,
       round(issuances / total.1, 6) AS share_of_issuances, round(marks / total.2, 6) AS share_of_marks
FROM keyed_issuances
WHERE NOT is_test AND first_logged <= {as_of:DateTime64(3, 'UTC')}
GROUP BY mark_type, class, class_inferred
ORDER BY issuances DESC, mark_type, class, class_inferred
