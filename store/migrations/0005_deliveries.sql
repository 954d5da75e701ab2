-- What is to be told to whom, and what became of it. All are append-only: the
-- greatest version of a key is in force.

-- One thing to tell to one channel, written before it is sent, and again with
-- every try. id = SHA-256 of the channel and of what is told, so that it is the
-- same however often it is planned or sent. kind is that of the message: hit,
-- digest, storm, alarm, summary, test. state is waiting, sent, dead (given up),
-- gathered (it goes into the message whose id digest is), or quiet (kept from
-- being sent, for the reason in error; channel is '' then). A channel takes what waits in the
-- order of queue. hits are the ids of all hits that it stands for.
{{create "deliveries"}} (
    id                     FixedString(64),
    version                UInt64,
    channel                LowCardinality(String),
    kind                   LowCardinality(String),
    list                   LowCardinality(String),
    hits                   Array(FixedString(64)),
    subject                String,
    digest                 String,
    rhythm                 LowCardinality(String),
    covers_from            DateTime64(3, 'UTC'),
    covers_to              DateTime64(3, 'UTC'),
    state                  LowCardinality(String),
    attempt                UInt32,
    error                  String,
    queue                  UInt64,
    made_at                DateTime64(3, 'UTC'),
    due_at                 DateTime64(3, 'UTC'),
    at                     DateTime64(3, 'UTC')
) ENGINE = {{engine "ReplacingMergeTree"}} ORDER BY (channel, id, version) {{durable}}
{{distributed "deliveries" "cityHash64(channel)"}};

-- A channel that takes nothing more until a person lets it: its address is gone.
{{create "channels"}} (
    channel                LowCardinality(String),
    version                UInt64,
    disabled               Bool,
    reason                 String,
    author                 String,
    at                     DateTime64(3, 'UTC')
) ENGINE = {{engine "ReplacingMergeTree" "version"}} ORDER BY channel {{durable}}
{{distributed "channels" "cityHash64(channel)"}};

-- What the operator must know: markwatch is blind, or a log was caught lying.
-- id = SHA-256 of kind, subject and since; subject is a log, or a channel.
-- cleared_at is in 1970 while it lasts.
{{create "alarms"}} (
    id                     FixedString(64),
    version                UInt64,
    kind                   LowCardinality(String),
    subject                LowCardinality(String),
    text                   String,
    evidence               String,
    since                  DateTime64(3, 'UTC'),
    cleared_at             DateTime64(3, 'UTC')
) ENGINE = {{engine "ReplacingMergeTree" "version"}} ORDER BY id {{durable}}
{{distributed "alarms" "cityHash64(id)"}};

-- Who does a piece of work, where several machines share one store. A claim that
-- is not renewed ends; of several claims that last, the one begun first is in force.
{{create "claims"}} (
    work                   String,
    owner                  String,
    begun                  UInt64,
    version                UInt64,
    ends_at                DateTime64(3, 'UTC')
) ENGINE = {{engine "ReplacingMergeTree" "version"}} ORDER BY (work, owner) {{durable}}
{{distributed "claims" "cityHash64(work)"}};
