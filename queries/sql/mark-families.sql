-- title: Mark families
-- group: Marks
-- question: Which United Kingdom marks are clones of a European Union mark or of an international registration, and is that one certified too?
-- leaves out: Test certificates. The two are distinct marks and count apart everywhere else.
-- param: certified UInt8 = 0: 1 lists only those of which both are certified
-- param: limit UInt64 = 0: at most so many rows; 0 is all
-- param: as_of DateTime = '': as things were logged by the end of this day, or by this time (UTC); empty is all that is logged
-- column: clone_of: European Union trade mark (UK009 numbers) or international registration (UK008 numbers)
-- column: number: of the United Kingdom mark
-- column: organisation: who holds it, by its latest certificate
-- column: parent_register: EM or WO
-- column: parent_number: canonical number there, as the United Kingdom's number tells
-- column: parent_certified: whether that mark holds a certificate too
-- column: parent_organisation: who holds that, by its latest certificate
-- column: same_organisation: whether the two are one organisation; no where the parent isn't certified
-- column: first_seen: log timestamp of the first entry of the United Kingdom mark
-- column: parent_first_seen: of the parent; empty where it isn't certified
WITH of_marks AS (
    SELECT argMax(i.register, recency) AS register, argMax(i.number, recency) AS number, argMax(i.organisation, recency) AS organisation,
           argMax(i.organisation_id, recency) AS owner, min(first_logged) AS first_seen
    FROM keyed_issuances AS i WHERE NOT is_test AND first_logged <= {as_of:DateTime64(3, 'UTC')} AND i.register IN ('GB', 'EM', 'WO') GROUP BY mark_id)
SELECT if(uk.parent_register = 'EM', 'European Union trade mark', 'international registration') AS clone_of,
       uk.number AS number, uk.organisation AS organisation, uk.parent_register AS parent_register, uk.parent_number AS parent_number,
       (p.number != '')::Bool AS parent_certified, p.organisation AS parent_organisation,
       (parent_certified AND uk.owner = p.owner)::Bool AS same_organisation,
       uk.first_seen AS first_seen, if(parent_certified, p.first_seen, NULL) AS parent_first_seen
FROM (
    SELECT number, organisation, owner, first_seen, if(startsWith(number, 'UK009'), 'EM', 'WO') AS parent_register,
           if(parent_register = 'EM', concat('0', substring(number, 6)), trim(LEADING '0' FROM substring(number, 6))) AS parent_number
    FROM of_marks WHERE register = 'GB' AND match(number, '^UK00[89][0-9]{8}$')) AS uk
LEFT JOIN (SELECT * FROM of_marks WHERE register != 'GB') AS p ON p.register = uk.parent_register AND p.number = uk.parent_number
WHERE {certified:UInt8} = 0 OR parent_certified
ORDER BY number
LIMIT if({limit:UInt64} = 0, 18446744073709551615, {limit:UInt64})
