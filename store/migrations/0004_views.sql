-- The de-duplicated levels that statistics count: issuance, mark, organisation.
-- Test certificates are in issuances (is_test tells) and in neither other level.
-- What one issuance says stands for all where it was first logged last: that an
-- old certificate is logged again, elsewhere and later, makes it no newer.

{{view "issuances"}} AS
SELECT * FROM mark_certificates FINAL;

{{view "marks"}} AS
SELECT
    i.mark_key AS mark_key,
    argMax(i.register, (i.first_logged, i.tbs_sha256))           AS register,
    argMax(i.number, (i.first_logged, i.tbs_sha256))             AS number,
    argMax(i.number_as_written, (i.first_logged, i.tbs_sha256))  AS number_as_written,
    argMax(i.register_url, (i.first_logged, i.tbs_sha256))       AS register_url,
    argMax(i.organisation, (i.first_logged, i.tbs_sha256))       AS organisation,
    arraySort(groupUniqArray(i.organisation_key))           AS organisation_keys,
    arraySort(groupUniqArrayArray(i.domains))               AS domains,
    arraySort(groupUniqArrayArray(i.domains_unicode))       AS domains_unicode,
    argMax(i.mark_type, (i.first_logged, i.tbs_sha256))          AS mark_type,
    argMax(i.class, (i.first_logged, i.tbs_sha256))              AS class,
    argMax(i.word_mark, (i.first_logged, i.tbs_sha256))          AS word_mark,
    min(i.first_logged)                                     AS first_seen,
    max(i.last_logged)                                      AS last_seen,
    max(i.not_after)                                        AS valid_until,
    count()                                               AS issuances,
    argMax(i.svg_sha256, (i.first_logged, i.tbs_sha256))         AS logo_sha256,
    arraySort(groupUniqArrayIf(i.svg_sha256, i.svg_sha256 != '')) AS logos
FROM issuances AS i
WHERE NOT i.is_test
GROUP BY i.mark_key;

{{view "organisations"}} AS
SELECT
    i.organisation_key AS organisation_key,
    argMax(i.organisation, (i.first_logged, i.tbs_sha256))          AS organisation,
    argMax(i.country, (i.first_logged, i.tbs_sha256))               AS country,
    argMax(i.jurisdiction_country, (i.first_logged, i.tbs_sha256))  AS jurisdiction_country,
    argMax(i.registration_number, (i.first_logged, i.tbs_sha256))   AS registration_number,
    argMax(i.business_category, (i.first_logged, i.tbs_sha256))     AS business_category,
    arraySort(groupUniqArray(i.organisation))                  AS names,
    arraySort(groupUniqArrayArray(i.domains))                  AS domains,
    uniqExact(i.mark_key)                                      AS marks,
    count()                                                  AS issuances,
    min(i.first_logged)                                        AS first_seen,
    max(i.last_logged)                                         AS last_seen,
    max(i.not_after)                                           AS valid_until
FROM issuances AS i
WHERE NOT i.is_test
GROUP BY i.organisation_key;
