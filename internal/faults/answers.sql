SELECT 'leaf' AS kind, toString(leaf_index) AS key, hex(leaf_hash) AS value FROM leaf_hashes
UNION ALL SELECT 'entry', toString(leaf_index), hex(sipHash128(leaf_input)) FROM log_entries
UNION ALL SELECT 'table', 'log_entries', concat(toString(count()), ' ', toString(groupBitXor(cityHash64(tuple(*))))) FROM log_entries
UNION ALL SELECT 'table', 'mark_certificates', concat(toString(count()), ' ', toString(groupBitXor(cityHash64(tuple(*)))))
    FROM (SELECT * REPLACE (arraySort(sct_log_ids) AS sct_log_ids, arraySort(logs) AS logs) FROM mark_certificates)
UNION ALL SELECT 'table', 'malformed_entries', concat(toString(count()), ' ', toString(groupBitXor(cityHash64(tuple(*))))) FROM malformed_entries
UNION ALL SELECT 'table', 'ca_certificates', concat(toString(count()), ' ', toString(groupBitXor(cityHash64(tuple(*))))) FROM ca_certificates
UNION ALL SELECT 'table', 'findings', concat(toString(count()), ' ', toString(groupBitXor(cityHash64(tuple(*))))) FROM findings
UNION ALL SELECT 'table', 'logos', concat(toString(count()), ' ', toString(groupBitXor(cityHash64(svg_sha256, svg)))) FROM logos
UNION ALL SELECT 'position', 'next', toString(next_index) FROM positions
UNION ALL SELECT 'state', state, state_detail FROM positions
UNION ALL SELECT 'alarm', kind, evidence FROM alarms
