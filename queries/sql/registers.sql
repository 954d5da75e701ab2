-- title: Registers
-- group: Marks
-- question: In which trademark registers are the certified marks registered?
-- leaves out: Test certificates, and marks without a registration (Prior Use Marks, Government Marks).
-- denominator: share_of_marks is of all distinct marks with a registration.
-- param: as_of DateTime = '': as things were logged by the end of this day, or by this time (UTC); empty is all that is logged
-- column: register: WIPO ST.3 code; empty where the certificate's country or region is none that is known
-- column: marks: distinct registered marks
-- column: organisations: distinct organisations that hold them
-- column: issuances: certificates issued for them
-- column: unusual_numbers: marks whose number doesn't have the form of its register's numbers
-- column: share_of_marks: marks over all distinct marks with a registration, from 0 to 1
WITH (SELECT uniqExact(mark_id) FROM keyed_issuances WHERE NOT is_test AND first_logged <= {as_of:DateTime64(3, 'UTC')} AND number != '') AS total
SELECT
    register,
    uniqExact(mark_id)                        AS marks,
    uniqExact(organisation_id)                AS organisations,
    count()                                   AS issuances,
    uniqExactIf(mark_id, NOT number_fits)     AS unusual_numbers,
    round(marks / total, 6)                   AS share_of_marks
FROM keyed_issuances
WHERE NOT is_test AND first_logged <= {as_of:DateTime64(3, 'UTC')} AND number != ''
GROUP BY register
ORDER BY marks DESC, register
