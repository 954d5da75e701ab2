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
    notify                 Bool,
    removed                Bool,
    author                 String,
    changed_at             DateTime64(3, 'UTC')
) ENGINE = {{engine "ReplacingMergeTree"}} ORDER BY (id, version) {{durable}}
{{distributed "watch_items" "cityHash64(id)"}};

-- What is set of a watch list: whose it is, and how its hits are told. Every
-- version is kept. A list that has items and no row has none of it set.
{{create "watch_lists"}} (
    name                   String,
    version                UInt64,
    client                 String,
    notes                  String,
    colour                 LowCardinality(String),
    channels               Array(String),
    rhythm                 LowCardinality(String),
    digest_at              LowCardinality(String),
    digest_zone            LowCardinality(String),
    feed_secret            String,
    removed                Bool,
    author                 String,
    changed_at             DateTime64(3, 'UTC')
) ENGINE = {{engine "ReplacingMergeTree"}} ORDER BY (name, version) {{durable}}
{{distributed "watch_lists" "cityHash64(name)"}};

-- One reason for suspicion. id = SHA-256 of rule, watch item or other party,
-- and tbs_sha256, so that an issuance hits a rule once however often it is
-- read. What later entries refute, such as that the two turn out to be one
-- organisation, stays and is withdrawn. mark_key, logo_sha256 and not_before are
-- the issuance's. Hits of one value of against are against one watch item or other
-- organisation; those of one pair_id also of one organisation; those of one same_id
-- also by one rule, on certificates for one mark with one logo and the same domains.
-- Those that share a renewal_id are against one, by one rule, and of one organisation
-- and mark, or for one domain.
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
    withdrawn              Bool,
    mark_key               String,
    logo_sha256            String,
    not_before             DateTime64(0, 'UTC'),
    against                UInt128 MATERIALIZED reinterpretAsUInt128(sipHash128(watch_item, if(watch_item = '', other_organisation_key, ''))),
    pair_id                UInt128 MATERIALIZED reinterpretAsUInt128(sipHash128(watch_item, if(watch_item = '', other_organisation_key, ''), organisation_key)),
    same_id                UInt128 MATERIALIZED reinterpretAsUInt128(sipHash128(toString(rule), watch_item, if(watch_item = '', other_organisation_key, ''), organisation_key, mark_key, logo_sha256, arrayStringConcat(arraySort(domains), ' '))),
    renewal_ids            Array(UInt64) MATERIALIZED arrayMap(part -> sipHash64(toString(rule), watch_item, if(watch_item = '', other_organisation_key, ''), part), arrayPushBack(domains, concat(organisation_key, '\n', mark_key)))
) ENGINE = {{engine "ReplacingMergeTree" "version"}} ORDER BY id {{durable}}
{{distributed "hits" "cityHash64(id)"}};

-- The triage history: every change, never overwritten. action is acknowledge,
-- escalate, dismiss, resolve, reopen, assign or note. state is the one that the
-- action leads to, and '' where it leads to none; reason and note say why. pair
-- tells that the action is about all hits of the hit's pair, those still to come
-- too: of the organisation of pair_organisation against the watch item, or else the
-- other organisation. The greatest version is in force, then the greatest event_id.
{{create "hit_events"}} (
    hit_id                 FixedString(64),
    version                UInt64,
    event_id               FixedString(64),
    at                     DateTime64(3, 'UTC'),
    author                 String,
    action                 LowCardinality(String),
    state                  LowCardinality(String),
    reason                 LowCardinality(String),
    assignee               String,
    note                   String,
    pair                   Bool,
    pair_item              String,
    pair_other             String,
    pair_organisation      String,
    against                UInt128 MATERIALIZED reinterpretAsUInt128(sipHash128(pair_item, pair_other)),
    pair_id                UInt128 MATERIALIZED reinterpretAsUInt128(sipHash128(pair_item, pair_other, pair_organisation))
) ENGINE = {{engine "ReplacingMergeTree"}} ORDER BY (hit_id, version, event_id) {{durable}}
{{distributed "hit_events" "cityHash64(hit_id)"}};

-- How those hits stand that people have decided on, and all others against the same.
-- A decision is hit_id, state, reason, note, author and at of its event. In force is
-- the latest one on the hit, or on its pair as long as that is dismissed; for want of
-- both the one on the latest certificate before that is the same but for its
-- validity, if it says dismissed. earlier is the latest dismissed hit on a
-- certificate before that differs in what is left of it.
{{view "decided_hits"}} AS
SELECT
    id                                                           AS hit_id,
    any(decision)                                                AS decision,
    any(inherited)                                               AS inherited,
    any(assignee)                                                AS assignee,
    argMax(before, (before.2, before.1))                         AS earlier,
    any(organisation) AS organisation, any(organisation_key) AS organisation_key, any(mark_key) AS mark_key, any(logo_sha256) AS logo_sha256, any(domains) AS domains
FROM (
    SELECT *, argMaxIf((id, began, same_id, organisation, organisation_key, mark_key, logo_sha256, domains), (began, id), decision.2 = 'dismissed') OVER
        (PARTITION BY renewal_id ORDER BY began RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS latest,
        if(latest.3 = same_id OR inherited = 'renewal', (toFixedString('', 64), 0::Int64, 0::UInt128, '', '', '', '', []::Array(String)), latest) AS before
    FROM (
        SELECT *, arrayJoin(renewal_ids) AS renewal_id,
            argMaxIf(decided, (began, newest), newest > 0) OVER (PARTITION BY same_id ORDER BY began RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS handed,
            multiIf(by_pair, 'pair', newest = 0 AND handed.2 = 'dismissed', 'renewal', '') AS inherited,
            if(inherited = 'renewal', handed, decided) AS decision
        FROM (
            SELECT h.*, o.assignee AS assignee,
                p.newest > o.newest AS by_pair, if(by_pair, p.decision, o.decision) AS decided, greatest(p.newest, o.newest) AS newest
            FROM (
                SELECT id, pair_id, same_id, renewal_ids, toInt64(not_before) AS began, organisation, organisation_key, mark_key, logo_sha256, domains
                FROM hits FINAL WHERE against IN (SELECT against FROM hit_events FINAL)) AS h
            LEFT JOIN (
                SELECT hit_id, maxIf(version, state != '' AND NOT pair) AS newest, argMaxIf(assignee, (version, event_id), action = 'assign') AS assignee,
                    argMaxIf((hit_id, toString(state), toString(reason), note, author, at), (version, event_id), state != '' AND NOT pair) AS decision
                FROM hit_events FINAL GROUP BY hit_id) AS o ON o.hit_id = h.id
            LEFT JOIN (
                SELECT pair_id, max(version) AS newest, argMax((hit_id, toString(state), toString(reason), note, author, at), (version, event_id)) AS decision
                FROM hit_events FINAL WHERE pair GROUP BY pair_id HAVING decision.2 = 'dismissed') AS p ON p.pair_id = h.pair_id)))
GROUP BY id;

-- How each hit stands, withdrawn ones too: new where nobody has decided anything. inherited says by what
-- it is dismissed where nobody decided on it alone: pair or renewal; inherited_from is
-- the hit on which that was decided. A renewal that changed something arrives new:
-- earlier is the dismissed hit on the certificate before, changed says what changed.
{{view "hit_states"}} AS
WITH
    arrayFilter(d -> NOT has(x.earlier.8, d), x.domains) AS added,
    arrayFilter(d -> NOT has(x.domains, d), x.earlier.8) AS dropped,
    (ds -> concat(arrayStringConcat(arraySlice(ds, 1, 3), ', '), if(length(ds) > 3, concat(' and ', toString(length(ds) - 3), ' more'), ''))) AS listed
SELECT
    h.id                                                    AS hit_id,
    h.withdrawn                                             AS withdrawn,
    if(x.decision.2 = '', 'new', x.decision.2)              AS state,
    x.decision.3                                            AS reason,
    x.decision.4                                            AS note,
    if(x.decision.2 = '', h.found_at, x.decision.6)         AS since,
    x.decision.5                                            AS author,
    x.assignee                                              AS assignee,
    x.inherited                                             AS inherited,
    if(x.inherited = '', '', toString(x.decision.1))        AS inherited_from,
    if(x.earlier.2 = 0, '', toString(x.earlier.1))          AS earlier,
    if(x.earlier.2 = 0, '', arrayStringConcat(arrayFilter(part -> part != '', [
        if(x.organisation_key != x.earlier.5, concat('the organisation was ', x.earlier.4, ' and is ', x.organisation), ''),
        if(x.organisation_key = x.earlier.5 AND x.mark_key != x.earlier.6 AND x.logo_sha256 = x.earlier.7, 'the mark is another', ''),
        if(x.logo_sha256 != x.earlier.7, 'the logo is another', ''),
        if(empty(added), '', concat('it is also for ', listed(added))),
        if(empty(dropped), '', concat('it is no longer for ', listed(dropped)))]), '; ')) AS changed
FROM (SELECT id, withdrawn, found_at FROM hits FINAL) AS h
LEFT JOIN decided_hits AS x ON x.hit_id = h.id;
