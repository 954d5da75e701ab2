-- Which logs there are, and what each accepts.

-- The newest copy of each log list that could be used, by where it comes from,
-- as it came with its signature. It is what counts while the list can't be had.
{{create "log_lists"}} (
    location               String,
    version                UInt64,
    fetched_at             DateTime64(3, 'UTC'),
    etag                   String,
    modified               String,
    text                   String,
    signature              String
) ENGINE = {{engine "ReplacingMergeTree" "version"}} ORDER BY location {{durable}}
{{distributed "log_lists" "cityHash64(location)"}};

-- The roots that each log accepts (RFC 6962, section 4.7), from when to when: a
-- row is one time of acceptance. removed_at is in 1970 while it lasts. The
-- root's bytes are in ca_certificates.
{{create "accepted_roots"}} (
    log_id                 LowCardinality(String),
    sha256                 FixedString(64),
    first_seen             DateTime64(3, 'UTC'),
    version                UInt64,
    log                    LowCardinality(String),
    subject                String,
    last_seen              DateTime64(3, 'UTC'),
    removed_at             DateTime64(3, 'UTC')
) ENGINE = {{engine "ReplacingMergeTree" "version"}} ORDER BY (log_id, sha256, first_seen) {{durable}}
{{distributed "accepted_roots" "cityHash64(log_id)"}};
