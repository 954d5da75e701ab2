-- The de-duplicated levels that statistics count: issuance, mark, organisation.
-- Test certificates are in issuances (is_test tells) and in neither other level.
-- What one issuance says stands for all where it was first logged last: that an
-- old certificate is logged again, elsewhere and later, makes it no newer.

{{view "issuances"}} AS
SELECT * FROM mark_certificates FINAL;

-- The same, with the columns by which to count, to join and to find the latest.
{{view "keyed_issuances"}} AS
SELECT *, tbs_id, mark_id, organisation_id, domain_ids, logo_id, search_text, recency, ending
FROM mark_certificates FINAL;

{{view "marks"}} AS
SELECT
    any(i.mark_key)                                                AS mark_key,
    argMax(i.register, i.recency)                                  AS register,
    argMax(i.number, i.recency)                                    AS number,
    argMax(i.number_as_written, i.recency)                         AS number_as_written,
    argMax(i.register_url, i.recency)                              AS register_url,
    argMax(i.organisation, i.recency)                              AS organisation,
    arraySort(groupUniqArray(i.organisation_key))                  AS organisation_keys,
    arraySort(groupUniqArrayArray(i.domains))                      AS domains,
    arraySort(groupUniqArrayArray(i.domains_unicode))              AS domains_unicode,
    argMax(i.mark_type, i.recency)                                 AS mark_type,
    argMax(i.class, i.recency)                                     AS class,
    argMax(i.word_mark, i.recency)                                 AS word_mark,
    min(i.first_logged)                                            AS first_seen,
    max(i.last_logged)                                             AS last_seen,
    max(i.not_after)                                               AS valid_until,
    count()                                                        AS issuances,
    argMax(i.svg_sha256, i.recency)                                AS logo_sha256,
    arraySort(groupUniqArrayIf(i.svg_sha256, i.svg_sha256 != ''))  AS logos
FROM keyed_issuances AS i
WHERE NOT i.is_test
GROUP BY i.mark_id;

{{view "organisations"}} AS
SELECT
    any(i.organisation_key)                                        AS organisation_key,
    argMax(i.organisation, i.recency)                              AS organisation,
    argMax(i.country, i.recency)                                   AS country,
    argMax(i.jurisdiction_country, i.recency)                      AS jurisdiction_country,
    argMax(i.registration_number, i.recency)                       AS registration_number,
    argMax(i.business_category, i.recency)                         AS business_category,
    arraySort(groupUniqArray(i.organisation))                      AS names,
    arraySort(groupUniqArrayArray(i.domains))                      AS domains,
    uniqExact(i.mark_id)                                           AS marks,
    count()                                                        AS issuances,
    min(i.first_logged)                                            AS first_seen,
    max(i.last_logged)                                             AS last_seen,
    max(i.not_after)                                               AS valid_until
FROM keyed_issuances AS i
WHERE NOT i.is_test
GROUP BY i.organisation_id;
