-- Ranges of logs that were read by themselves, ahead of the log's position and
-- in any order: [start, start + size) is a perfect subtree of the log's tree with
-- this root, which was proved under the tree head of tree_size and tree_root. A
-- row is written when all that is of interest in its entries is stored, so that
-- it need not be read again, whoever did it. It is of use until the position has
-- passed it.
{{create "ranges"}} (
    log_id                 LowCardinality(String),
    start                  UInt64,
    size                   UInt64,
    root                   FixedString(64),
    log                    LowCardinality(String),
    tree_size              UInt64,
    tree_root              FixedString(64),
    owner                  LowCardinality(String),
    done_at                DateTime64(3, 'UTC')
) ENGINE = {{engine "ReplacingMergeTree" "done_at"}} ORDER BY (log_id, start, size) {{durable}}
{{distributed "ranges" "cityHash64(log_id)"}};
