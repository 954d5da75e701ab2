-- title: Malformed entries
-- group: Quality
-- question: Which log entries claim to be mark certificates and can't be read, and why?
-- leaves out: Nothing.
-- param: log String = '': only this log
-- param: limit UInt64 = 0: at most so many rows; 0 is all
-- param: as_of DateTime = '': as things were logged by the end of this day, or by this time (UTC); empty is all that is logged
-- column: log: name
-- column: leaf_index: index of the entry
-- column: timestamp: log timestamp
-- column: part: which part can't be read
-- column: reason: what is wrong with it
-- column: organisation: as far as it can be read
-- column: dns_names: as far as they can be read
-- column: bytes: size of the leaf; the bytes themselves are in malformed_entries.leaf_input
SELECT log, leaf_index, timestamp, part, reason, organisation, dns_names, length(leaf_input) AS bytes
FROM malformed_entries FINAL
WHERE timestamp <= {as_of:DateTime64(3, 'UTC')} AND ({log:String} = '' OR log = {log:String})
ORDER BY log, leaf_index
LIMIT if({limit:UInt64} = 0, 18446744073709551615, {limit:UInt64})
