-- title: Marks
-- group: Marks
-- question: Which marks hold a certificate, whose are they, and since when?
-- leaves out: Test certificates.
-- column: mark_key: identity of the mark, as in certificates
-- column: register: trademark register as WIPO ST.3 code; empty for a mark without a registration
-- column: number: number in that register in canonical form
-- column: number_as_written: number as the latest certificate writes it
-- column: register_url: page of the register's record, where there is one that is known
-- column: organisation: name in the latest certificate
-- column: organisation_keys: identities of all organisations that held a certificate for it
-- column: domains: all domains the mark was certified for, as A-labels
-- column: domains_unicode: these in Unicode
-- column: mark_type: markType of the latest certificate, verbatim
-- column: class: VMC, CMC or unknown, of the latest certificate
-- column: word_mark: wordMark of the latest certificate
-- column: first_seen: log timestamp of the first entry
-- column: last_seen: log timestamp of the latest entry
-- column: valid_until: latest end of validity
-- column: issuances: certificates issued for the mark
-- column: logo_sha256: SHA-256 of the latest SVG
-- column: logos: SHA-256 of every SVG
SELECT mark_key, register, number, number_as_written, register_url, organisation, organisation_keys, domains, domains_unicode,
       mark_type, class, word_mark, first_seen, last_seen, valid_until, issuances, logo_sha256, logos
FROM marks
ORDER BY mark_key
