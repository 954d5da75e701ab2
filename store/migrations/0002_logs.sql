-- What is known of each log: its key, its tree heads, its leaf hashes, how far it is read.

-- Where a log is and by which key its tree heads verify, so that a proof can be
-- handed on when the log is no longer configured. key is base64 of the DER
-- SubjectPublicKeyInfo whose SHA-256 is the log's id; mmd is in seconds.
{{create "logs"}} (
    log_id                 LowCardinality(String),
    log                    LowCardinality(String),
    kind                   LowCardinality(String),
    url                    String,
    key                    String,
    mmd                    UInt64
) ENGINE = {{engine "ReplacingMergeTree"}} ORDER BY log_id {{durable}}
{{distributed "logs" "cityHash64(log_id)"}};

-- Every tree head that verified, as the log signed it.
{{create "tree_heads"}} (
    log_id                 LowCardinality(String),
    tree_size              UInt64,
    root_hash              FixedString(64),
    log                    LowCardinality(String),
    timestamp              DateTime64(3, 'UTC'),
    signature              String,
    raw                    String
) ENGINE = {{engine "ReplacingMergeTree" "timestamp"}} ORDER BY (log_id, tree_size, root_hash) {{durable}}
{{distributed "tree_heads" "cityHash64(log_id)"}};

-- The leaf hashes of mark logs: 32 raw bytes each, from which the root of any
-- earlier tree and any inclusion proof can be computed without the log.
{{create "leaf_hashes"}} (
    log_id                 LowCardinality(String),
    leaf_index             UInt64,
    leaf_hash              FixedString(32)
) ENGINE = {{engine "ReplacingMergeTree"}} ORDER BY (log_id, leaf_index) {{durable}}
{{distributed "leaf_hashes" "cityHash64(log_id)"}};

-- How far a log is read, written last of every commit. Append-only: the
-- greatest version is in force. position is what a scan goes on from. baseline
-- is the size of the first tree head under which the log was read: what lies
-- before it was there before anyone watched.
{{create "positions"}} (
    log_id                 LowCardinality(String),
    version                UInt64,
    log                    LowCardinality(String),
    kind                   LowCardinality(String),
    url                    String,
    next_index             UInt64,
    baseline               Nullable(UInt64),
    tree_size              UInt64,
    root_hash              String,
    tree_timestamp         DateTime64(3, 'UTC'),
    verified_at            DateTime64(3, 'UTC'),
    state                  LowCardinality(String),
    state_detail           String,
    position               String
) ENGINE = {{engine "ReplacingMergeTree" "version"}} ORDER BY log_id {{durable}}
{{distributed "positions" "cityHash64(log_id)"}};
