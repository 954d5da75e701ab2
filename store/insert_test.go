package store

import (
	"os"
	"path/filepath"
	"testing"

	"markwatch/store/chdb"
)

// TestRenamedColumnIsNoted guards that rows for a table which another markwatch
// has changed are refused, not stored without what the column held.
func TestRenamedColumnIsNoted(t *testing.T) {
	if _, err := chdb.FindLibrary(); err != nil {
		if os.Getenv("MARKWATCH_TEST_ENGINE") == "required" {
			t.Fatal(err)
		}
		t.Skipf("the embedded engine is needed: %v", err)
	}
	ctx := t.Context()
	s, err := Open(ctx, Options{DSN: filepath.Join(t.TempDir(), "s")})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	type row struct {
		A uint64 `ch:"a"`
	}
	do := func(statement string) {
		t.Helper()
		if err := s.conn.Exec(ctx, statement); err != nil {
			t.Fatal(err)
		}
	}
	do("CREATE TABLE shaped (a UInt64) ENGINE = MergeTree ORDER BY tuple()")
	if err := insert(ctx, s, "shaped", []*row{{1}}); err != nil {
		t.Fatal(err)
	}
	do("ALTER TABLE shaped RENAME COLUMN a TO c")
	if err := insert(ctx, s, "shaped", []*row{{2}}); err == nil {
		t.Error("a column that is gone is written to")
	}
	do("ALTER TABLE shaped RENAME COLUMN c TO a")
	if err := insert(ctx, s, "shaped", []*row{{3}}); err != nil {
		t.Error(err)
	}
	var sum uint64
	if err := s.conn.QueryRow(ctx, "SELECT sum(a) FROM shaped").Scan(&sum); err != nil {
		t.Fatal(err)
	}
	if sum != 4 {
		t.Errorf("the rows sum up to %d, want 4", sum)
	}
}
