package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"markwatch/internal/ctlogtest"
	"markwatch/scanner"
)

// TestAuditDamagedStore guards that one changed byte of the store is found, and
// is not held against a log that serves what it always did.
func TestAuditDamagedStore(t *testing.T) {
	l := marksLog(ctlogtest.Options{Name: "audited"})
	for _, tt := range []struct {
		name, damage string
		want         map[string]uint64
	}{
		{"a leaf", `ALTER TABLE log_entries UPDATE leaf_input = concat(substring(leaf_input, 1, 699),
			char(bitXor(ascii(substring(leaf_input, 700, 1)), 1)), substring(leaf_input, 701)) WHERE leaf_index = 4`, map[string]uint64{checkWhole: 1}},
		{"the hash beside a leaf", "ALTER TABLE log_entries UPDATE leaf_hash = reverse(leaf_hash) WHERE leaf_index = 4", map[string]uint64{checkWhole: 1}},
		{"a leaf hash", "ALTER TABLE leaf_hashes UPDATE leaf_hash = reverse(leaf_hash) WHERE leaf_index = 7", map[string]uint64{checkRoot: 1}},
		{"a leaf hash lost", "ALTER TABLE leaf_hashes DELETE WHERE leaf_index = 7", map[string]uint64{checkRoot: 1}},
		{"a mark lost", "ALTER TABLE log_entries DELETE WHERE leaf_index = 4", map[string]uint64{checkKept: 1}},
		{"the signature of the tree head", "ALTER TABLE tree_heads UPDATE signature = 'BAMAAA==' WHERE 1", map[string]uint64{checkSigned: 1}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			st := testStore(t)
			log := scanner.Log{Name: "audited", URL: "http://audited.test", Type: scanner.RFC6962, Key: l.PublicKey(), Marks: true}
			keep(t, st, l, log)
			if err := st.Conn().Exec(t.Context(), tt.damage+" SETTINGS mutations_sync = 2"); err != nil {
				t.Fatal(err)
			}
			a := auditOf(t, st, l, log)
			if diff := cmp.Diff(tt.want, wrongs(a)); diff != "" {
				t.Errorf("wrong (-want +got):\n%s%v", diff, a.faults)
			}
			for _, f := range a.faults {
				if !strings.Contains(f.Detail, "the store is damaged") {
					t.Errorf("what is wrong with the store is said as %q", f.Detail)
				}
			}
		})
	}
}
