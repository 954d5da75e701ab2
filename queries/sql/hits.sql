-- title: Hits
-- group: Alerts
-- question: Which certificates resemble others' marks, domains and names, or what is watched, and why?
-- leaves out: Test certificates, and hits that later entries refuted.
-- param: severity String = 'low': only hits of this severity or a greater one
-- values: low, medium, high, critical
-- param: rule String = '': only hits of this rule, such as logo, trademark or homoglyph
-- param: organisation String = '': only hits on, or against, organisations whose name contains this, in any case
-- param: domain String = '': only hits on, or against, certificates for this domain or one under it, as A-labels
-- param: list String = '': only hits of this watch list; - is hits of no list
-- param: state String = 'all': only hits that stand so; open is new, acknowledged and escalated, closed the others
-- values: all, open, closed, new, acknowledged, escalated, dismissed, resolved
-- param: assignee String = '': only hits assigned to this one, in any case; - is hits assigned to nobody
-- param: delivery String = '': only hits that the delivery told of whose id begins so
-- param: since Date = '1970-01-01': only certificates first logged on this day or later
-- param: limit UInt64 = 0: at most so many rows; 0 is all
-- param: as_of DateTime = '': only certificates first logged by the end of this day, or by this time (UTC); empty is all
-- column: id: of the hit; the same whenever it is found again
-- column: severity: how bad it is if it is what it looks like: low, medium, high, critical
-- column: rule: what the hit rests on
-- column: organisation: to whom the certificate was issued
-- column: domains: of the certificate
-- column: other_organisation: whom it resembles; empty for a watch item
-- column: other_domains: of that one's certificate
-- column: reason: in words, with the numbers
-- column: list: watch list of the item; empty for a standing rule
-- column: score: how close, from 0 to 1
-- column: tbs_sha256: of the issuance
-- column: first_seen: when it was first logged
-- column: state: new, acknowledged, escalated, dismissed or resolved
-- column: dismissal: why it is dismissed: own, licensed, unrelated, other; else empty
-- column: note: what was said with the decision
-- column: assignee: whose it is to look at; empty for nobody's
-- column: state_since: when that was decided; empty where nobody has decided anything
-- column: state_author: who decided
-- column: inherited: by what it is dismissed where nobody decided on it alone: pair, renewal
-- column: inherited_from: id of the hit on which that was decided
-- column: earlier: of a renewal that changed something: id of the dismissed hit on the certificate before
-- column: changed: what the renewal changed, in words
SELECT h.id AS id, severity, rule, organisation, domains, other_organisation, other_domains, h.reason AS reason, list, score, tbs_sha256, first_seen,
       s.state AS state, s.reason AS dismissal, s.note AS note, s.assignee AS assignee, if(s.author = '', NULL, s.since) AS state_since, s.author AS state_author,
       s.inherited AS inherited, s.inherited_from AS inherited_from, s.earlier AS earlier, s.changed AS changed
FROM hits AS h INNER JOIN hit_states AS s ON s.hit_id = h.id
WHERE NOT h.withdrawn
  AND indexOf(['low', 'medium', 'high', 'critical'], severity) >= indexOf(['low', 'medium', 'high', 'critical'], {severity:String})
  AND ({rule:String} = '' OR rule = {rule:String})
  AND ({organisation:String} = '' OR positionCaseInsensitiveUTF8(organisation, {organisation:String}) > 0
       OR positionCaseInsensitiveUTF8(other_organisation, {organisation:String}) > 0)
  AND ({domain:String} = '' OR arrayExists(d -> d = lowerUTF8({domain:String}) OR endsWith(d, concat('.', lowerUTF8({domain:String}))), arrayConcat(domains, other_domains)))
  AND ({list:String} = '' OR list = if({list:String} = '-', '', {list:String}))
  AND ({state:String} IN ('all', s.state) OR {state:String} = if(s.state IN ('new', 'acknowledged', 'escalated'), 'open', 'closed'))
  AND ({assignee:String} = '' OR lowerUTF8(s.assignee) = if({assignee:String} = '-', '', lowerUTF8({assignee:String})))
  AND ({delivery:String} = '' OR h.id IN (SELECT arrayJoin(hits) FROM deliveries WHERE startsWith(id, lower({delivery:String}))))
  AND first_seen >= {since:Date} AND first_seen <= {as_of:DateTime64(3, 'UTC')}
ORDER BY indexOf(['low', 'medium', 'high', 'critical'], severity) DESC, first_seen DESC, id
LIMIT if({limit:UInt64} = 0, 18446744073709551615, {limit:UInt64})
