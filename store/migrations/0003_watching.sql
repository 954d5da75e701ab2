-- What is watched, what was found and why, what people decided.
-- All are append-only: the greatest version of a key is in force.

-- One thing to watch, or a name that is the client's own, or one that is
-- allowed. id = SHA-256 of list, role, kind and value; every version is kept,
-- so that one can see who changed what, and when. image is a logo's file.
{{create "watch_items"}} (
    id                     FixedString(64),
    version                UInt64,
    list                   LowCardinality(String),
    role                   LowCardinality(String),
    kind                   LowCardinality(String),
    value                  String,
    register               LowCardinality(String),
    image                  String,
    features_version       UInt32,
    descriptor             String,
    severity               LowCardinality(String),
    notes                  String,
    starts_at              Nullable(DateTime64(3, 'UTC')),
    ends_at                Nullable(DateTime64(3, 'UTC')),
    removed                Bool,
    author                 String,
    changed_at             DateTime64(3, 'UTC')
) ENGINE = {{engine "ReplacingMergeTree"}} ORDER BY (id, version) {{durable}}
{{distributed "watch_items" "cityHash64(id)"}};

-- One reason for suspicion. id = SHA-256 of rule, watch item or other party,
-- and tbs_sha256, so that an issuance hits a rule once however often it is
-- read. What later entries refute, such as that the two turn out to be one
-- organisation, stays and is withdrawn.
{{create "hits"}} (
    id                     FixedString(64),
    version                UInt64,
    rule                   LowCardinality(String),
    severity               LowCardinality(String),
    list                   LowCardinality(String),
    watch_item             String,
    tbs_sha256             FixedString(64),
    organisation           String,
    organisation_key       String,
    domains                Array(String),
    other_tbs_sha256       String,
    other_organisation     String,
    other_organisation_key String,
    other_domains          Array(String),
    score                  Float64,
    reason                 String,
    evidence               String,
    rules_version          UInt32,
    first_seen             DateTime64(3, 'UTC'),
    found_at               DateTime64(3, 'UTC'),
    withdrawn              Bool
) ENGINE = {{engine "ReplacingMergeTree" "version"}} ORDER BY id {{durable}}
{{distributed "hits" "cityHash64(id)"}};

-- The triage history of a hit: every change, never overwritten.
{{create "hit_events"}} (
    hit_id                 FixedString(64),
    event_id               FixedString(64),
    at                     DateTime64(3, 'UTC'),
    author                 String,
    state                  LowCardinality(String),
    reason                 LowCardinality(String),
    assignee               String,
    note                   String
) ENGINE = {{engine "ReplacingMergeTree"}} ORDER BY (hit_id, at, event_id) {{durable}}
{{distributed "hit_events" "cityHash64(hit_id)"}};
