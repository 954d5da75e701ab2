-- What mark certificates say, and the log entries that say it.
--
-- Conventions of every table here:
--   * SHA-256 values are lower-case hexadecimal, so that a person can paste one into a query;
--   * a text that a certificate does not have is the empty string;
--   * times are UTC;
--   * keys are deterministic: writing the same entry twice leaves one row.

-- One issuance: a precertificate, a certificate, or both, paired by the hash of
-- their TBSCertificate without poison and SCT list (RFC 6962, section 3.1).
-- The columns marked last come from that TBSCertificate, so each row of a pair
-- says the same, and a row made later by newer rules replaces an older one; the
-- others join what only one of the pair knows. Rows are in the order of not_before,
-- which is of the TBSCertificate too, so that what a log brings lies beside what it
-- brought lately, and reading all rows as if merged (FINAL) merges only the last of
-- them. The columns *_id are hashes of keys, for counting and joining: as good as
-- the keys (uniqExact makes the same of texts) and several times as fast. Of what
-- isn't logged, first_precertificate or first_certificate is in 2262. recency is
-- the greater, the later an issuance was first logged (of those logged at once any,
-- but always the same); ending the greater, the later it ends, then by recency.
{{create "mark_certificates"}} (
    tbs_sha256             FixedString(64),
    tbs_id                 {{last "UInt128"}} MATERIALIZED reinterpretAsUInt128(sipHash128(toString(tbs_sha256))),
    mark_id                {{last "UInt128"}} MATERIALIZED reinterpretAsUInt128(sipHash128(mark_key)),
    organisation_id        {{last "UInt128"}} MATERIALIZED reinterpretAsUInt128(sipHash128(organisation_key)),
    domain_ids             {{last "Array(UInt128)"}} MATERIALIZED arrayMap(d -> reinterpretAsUInt128(sipHash128(d)), domains),
    logo_id                {{last "UInt128"}} MATERIALIZED reinterpretAsUInt128(sipHash128(svg_sha256)),
    search_text            {{last "String"}} MATERIALIZED lowerUTF8(arrayStringConcat(arrayConcat([organisation, word_mark, number, number_as_written], arrayDistinct(arrayConcat(domains, domains_unicode))), '\n')),
    mark_key               {{last "String"}},
    organisation_key       {{last "String"}},

    mark_type              {{last "LowCardinality(String)"}},
    class                  {{last "LowCardinality(String)"}},
    class_inferred         {{last "Bool"}},
    word_mark              {{last "String"}},
    prior_use_url          {{last "String"}},

    register               {{last "LowCardinality(String)"}},
    number                 {{last "String"}},
    number_fits            {{last "Bool"}},
    number_as_written      {{last "String"}},
    trademark_country      {{last "LowCardinality(String)"}},
    trademark_office       {{last "LowCardinality(String)"}},
    register_url           {{last "String"}},

    statute_country        {{last "LowCardinality(String)"}},
    statute_state          {{last "String"}},
    statute_locality       {{last "String"}},
    statute_citation       {{last "String"}},
    statute_url            {{last "String"}},

    organisation           {{last "String"}},
    organisational_units   {{last "Array(String)"}},
    common_name            {{last "String"}},
    country                {{last "LowCardinality(String)"}},
    state                  {{last "String"}},
    locality               {{last "String"}},
    streets                {{last "Array(String)"}},
    postal_code            {{last "String"}},
    jurisdiction_country   {{last "LowCardinality(String)"}},
    jurisdiction_state     {{last "String"}},
    jurisdiction_locality  {{last "String"}},
    registration_number    {{last "String"}},
    business_category      {{last "LowCardinality(String)"}},
    lei                    {{last "String"}},
    organization_identifier {{last "String"}},
    subject_attributes     {{last "Array(String)"}},
    subject_values         {{last "Array(String)"}},

    dns_names              {{last "Array(String)"}},
    domains                {{last "Array(String)"}},
    domains_unicode        {{last "Array(String)"}},
    selectors              {{last "Array(String)"}},
    registrable_domains    {{last "Array(String)"}},
    domains_registrable    {{last "Array(String)"}},

    svg_sha256             {{last "String"}},
    logo_media_type        {{last "LowCardinality(String)"}},
    logo_compressed_bytes  {{last "UInt32"}},
    logo_hash_algorithms   {{last "Array(String)"}},
    logo_hashes_match      {{last "Bool"}},

    serial                 {{last "String"}},
    issuer                 {{last "LowCardinality(String)"}},
    issuer_organisation    {{last "LowCardinality(String)"}},
    issuer_name            {{last "LowCardinality(String)"}},
    not_before             DateTime64(0, 'UTC'),
    not_after              {{last "DateTime64(0, 'UTC')"}},
    ekus                   {{last "Array(String)"}},
    policies               {{last "Array(String)"}},
    crl_urls               {{last "Array(String)"}},
    ocsp_urls              {{last "Array(String)"}},
    ca_issuers_urls        {{last "Array(String)"}},
    signature_algorithm    {{last "LowCardinality(String)"}},
    public_key             {{last "LowCardinality(String)"}},
    spki_sha256            {{last "String"}},
    subject_key_id         {{last "String"}},
    authority_key_id       {{last "LowCardinality(String)"}},
    pilot                  {{last "Bool"}},

    is_test                {{last "Bool"}},
    test_reason            {{last "String"}},
    rules_version          {{last "UInt16"}},

    has_precertificate     SimpleAggregateFunction(max, UInt8),
    has_certificate        SimpleAggregateFunction(max, UInt8),
    precertificate_sha256  SimpleAggregateFunction(max, String),
    certificate_sha256     SimpleAggregateFunction(max, String),
    sct_log_ids            SimpleAggregateFunction(groupUniqArrayArray, Array(String)),
    logs                   SimpleAggregateFunction(groupUniqArrayArray, Array(String)),
    first_logged           SimpleAggregateFunction(min, DateTime64(3, 'UTC')),
    last_logged            SimpleAggregateFunction(max, DateTime64(3, 'UTC')),
    first_precertificate   SimpleAggregateFunction(min, DateTime64(3, 'UTC')),
    first_certificate      SimpleAggregateFunction(min, DateTime64(3, 'UTC')),
    recency                UInt256 ALIAS bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Milli(first_logged) + 2300000000000), 128), toUInt256(tbs_id)),
    ending                 UInt256 ALIAS bitOr(bitShiftLeft(toUInt256(toInt64(not_after) + 2300000000), 176), recency),
    INDEX tbs tbs_sha256 TYPE bloom_filter(0.001) GRANULARITY 1
) ENGINE = {{engine "AggregatingMergeTree"}} ORDER BY (not_before, tbs_sha256) {{durable}}
{{distributed "mark_certificates" "cityHash64(tbs_sha256)"}};

-- One leaf of one log that is a mark certificate, with the bytes that its
-- Merkle leaf hash covers. extra_data is kept only where it can't be put
-- together again from precertificate and chain.
{{create "log_entries"}} (
    log_id                 LowCardinality(String),
    leaf_index             UInt64,
    log                    LowCardinality(String),
    timestamp              DateTime64(3, 'UTC'),
    entry_type             LowCardinality(String),
    tbs_sha256             FixedString(64),
    tbs_id                 UInt128 MATERIALIZED reinterpretAsUInt128(sipHash128(toString(tbs_sha256))),
    certificate_sha256     String,
    issuer_key_hash        String,
    leaf_hash              FixedString(64),
    sct_log_ids            Array(LowCardinality(String)),
    sct_timestamps         Array(DateTime64(3, 'UTC')),
    chain                  Array(FixedString(64)),
    leaf_input             String,
    precertificate         String,
    extra_data             String
) ENGINE = {{engine "ReplacingMergeTree"}} ORDER BY (log_id, leaf_index) {{durable}}
{{distributed "log_entries" "cityHash64(log_id, leaf_index)"}};

-- One certificate of a submitted chain: issuing CAs and roots, by fingerprint.
{{create "ca_certificates"}} (
    sha256                 FixedString(64),
    der                    String
) ENGINE = {{engine "ReplacingMergeTree"}} ORDER BY sha256 {{durable}}
{{distributed "ca_certificates" "cityHash64(sha256)"}};

-- One distinct Mark Representation. What the columns from features_version on
-- say is made of its pixels, after it was stored: 0 is not yet. The hashes are
-- goimagehash's, for bitHammingDistance; descriptor is what the matcher compares.
{{create "logos"}} (
    svg_sha256             FixedString(64),
    svg_id                 UInt128 MATERIALIZED reinterpretAsUInt128(sipHash128(toString(svg_sha256))),
    bytes                  UInt32,
    title                  String,
    svg                    String,
    features_version       UInt32,
    average_hash           UInt64,
    difference_hash        UInt64,
    perception_hash        UInt64,
    extended_hash          UInt256,
    descriptor             String,
    has_text               Bool,
    undrawn                Array(LowCardinality(String)),
    problem                String
) ENGINE = {{engine "ReplacingMergeTree" "features_version"}} ORDER BY svg_sha256 {{durable}}
{{distributed "logos" "cityHash64(svg_sha256)"}};

-- Two logos that resemble each other; first is the lesser SHA-256. verdict is
-- match or strong, distance that of the perception hashes, of 64 bits; reason
-- says in what the first one agrees with the second, reverse_reason the reverse.
{{create "similar_logos"}} (
    first                  FixedString(64),
    second                 FixedString(64),
    features_version       UInt32,
    score                  Float64,
    verdict                LowCardinality(String),
    distance               UInt8,
    reason                 String,
    reverse_reason         String
) ENGINE = {{engine "ReplacingMergeTree" "features_version"}} ORDER BY (first, second) {{durable}}
{{distributed "similar_logos" "cityHash64(first)"}};

-- What claims to be a mark certificate and can't be read: its bytes, the
-- reason, and what of it could be read.
{{create "malformed_entries"}} (
    log_id                 LowCardinality(String),
    leaf_index             UInt64,
    log                    LowCardinality(String),
    timestamp              DateTime64(3, 'UTC'),
    part                   LowCardinality(String),
    reason                 String,
    organisation           String,
    dns_names              Array(String),
    leaf_hash              FixedString(64),
    leaf_input             String,
    extra_data             String
) ENGINE = {{engine "ReplacingMergeTree"}} ORDER BY (log_id, leaf_index) {{durable}}
{{distributed "malformed_entries" "cityHash64(log_id, leaf_index)"}};

-- Where a certificate departs from its profile. Of what a precertificate and
-- its certificate say differently one is kept, the same in any order of arrival.
{{create "findings"}} (
    tbs_sha256             FixedString(64),
    tbs_id                 SimpleAggregateFunction(anyLast, UInt128) MATERIALIZED reinterpretAsUInt128(sipHash128(toString(tbs_sha256))),
    rule                   LowCardinality(String),
    severity               SimpleAggregateFunction(max, String),
    detail                 SimpleAggregateFunction(max, String),
    citation               SimpleAggregateFunction(max, String),
    rules_version          SimpleAggregateFunction(max, UInt16)
) ENGINE = {{engine "AggregatingMergeTree"}} ORDER BY (tbs_sha256, rule) {{durable}}
{{distributed "findings" "cityHash64(tbs_sha256)"}};
