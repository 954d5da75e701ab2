-- title: Certificates
-- group: Issuance
-- question: What does each mark certificate say, and where and when was it logged?
-- leaves out: Nothing: test certificates are there too, and is_test says which they are.
-- column: tbs_sha256: identity of the issuance: SHA-256 of its TBSCertificate without poison and SCT list, so that a precertificate and its certificate are one
-- column: mark_key: identity of the mark: register and canonical number; without a trademark organisation and logo; for a government mark country and citation
-- column: organisation_key: identity of the organisation: folded name, jurisdiction and registration number
-- column: class: VMC, CMC or unknown
-- column: class_inferred: whether the class is inferred, because there is no markType (before about 2022)
-- column: mark_type: markType, verbatim
-- column: word_mark: wordMark
-- column: prior_use_url: priorUseMarkSourceURL of a Prior Use Mark
-- column: register: trademark register as WIPO ST.3 code; empty for a mark without a registration
-- column: number: number in that register in canonical form
-- column: number_fits: whether the number has the form of that register's numbers
-- column: number_as_written: trademarkIdentifier
-- column: trademark_country: trademarkCountryOrRegionName
-- column: trademark_office: trademarkOfficeName
-- column: register_url: page of the register's record, where there is one that is known
-- column: statute_country: statuteCountryName of a Government Mark
-- column: statute_state: statuteStateOrProvinceName
-- column: statute_locality: statuteLocalityName
-- column: statute_citation: statuteCitation
-- column: statute_url: statuteURL
-- column: organisation: organizationName
-- column: organisational_units: organizationalUnitName
-- column: common_name: commonName
-- column: country: countryName of the address
-- column: state: stateOrProvinceName of the address
-- column: locality: localityName of the address
-- column: streets: streetAddress; it may repeat
-- column: postal_code: postalCode
-- column: jurisdiction_country: jurisdictionCountryName
-- column: jurisdiction_state: jurisdictionStateOrProvinceName
-- column: jurisdiction_locality: jurisdictionLocalityName
-- column: registration_number: serialNumber of the subject: the organisation's registration
-- column: business_category: businessCategory
-- column: lei: legalEntityIdentifier
-- column: organization_identifier: organizationIdentifier
-- column: dns_names: subject alternative names as written
-- column: domains: these without BIMI selectors, as A-labels
-- column: domains_unicode: these in Unicode
-- column: selectors: BIMI selectors among the names
-- column: registrable_domains: registrable domains by the public suffix list
-- column: logo_sha256: SHA-256 of the SVG: its file is svg/SHA256.svg
-- column: logo_media_type: media type of the logotype
-- column: logo_compressed_bytes: size of the logotype as it is in the certificate
-- column: logo_hash_algorithms: algorithms of the logotype's hashes
-- column: logo_hashes_match: whether all of these hashes are right
-- column: serial: serial number, hexadecimal
-- column: issuer: distinguished name of the issuing CA
-- column: issuer_organisation: its organizationName
-- column: issuer_name: its commonName
-- column: not_before: start of validity
-- column: not_after: end of validity
-- column: ekus: extended key usages
-- column: policies: certificate policies
-- column: crl_urls: CRL distribution points
-- column: ocsp_urls: OCSP responders
-- column: ca_issuers_urls: where the issuer's certificate is
-- column: signature_algorithm: signature algorithm
-- column: public_key: public key algorithm and size
-- column: spki_sha256: SHA-256 of the SubjectPublicKeyInfo
-- column: subject_key_id: subject key identifier, hexadecimal
-- column: authority_key_id: authority key identifier, hexadecimal
-- column: pilot: whether it carries the pilot extension
-- column: is_test: whether it is a test certificate
-- column: test_reason: why it is taken for one
-- column: has_precertificate: 1 where a precertificate is logged
-- column: has_certificate: 1 where the final certificate is logged
-- column: precertificate_sha256: SHA-256 of the precertificate
-- column: certificate_sha256: SHA-256 of the certificate
-- column: sct_log_ids: ids of the logs whose SCTs the certificate carries
-- column: logs: where it is logged
-- column: first_logged: log timestamp of its first entry
-- column: last_logged: log timestamp of its latest entry
-- column: rules_version: version of the rules by which it was read
SELECT tbs_sha256, mark_key, organisation_key, class, class_inferred, mark_type, word_mark, prior_use_url,
       register, number, number_fits, number_as_written, trademark_country, trademark_office, register_url,
       statute_country, statute_state, statute_locality, statute_citation, statute_url,
       organisation, organisational_units, common_name, country, state, locality, streets, postal_code,
       jurisdiction_country, jurisdiction_state, jurisdiction_locality, registration_number, business_category, lei, organization_identifier,
       dns_names, domains, domains_unicode, selectors, registrable_domains,
       svg_sha256 AS logo_sha256, logo_media_type, logo_compressed_bytes, logo_hash_algorithms, logo_hashes_match,
       serial, issuer, issuer_organisation, issuer_name, not_before, not_after, ekus, policies, crl_urls, ocsp_urls, ca_issuers_urls,
       signature_algorithm, public_key, spki_sha256, subject_key_id, authority_key_id, pilot, is_test, test_reason,
       has_precertificate, has_certificate, precertificate_sha256, certificate_sha256,
       arraySort(sct_log_ids) AS sct_log_ids, arraySort(logs) AS logs, first_logged, last_logged, rules_version
FROM issuances
ORDER BY first_logged, tbs_sha256
