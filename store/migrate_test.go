package store

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ClickHouse/clickhouse-go/v2"

	"markwatch/store/chdb"
)

// TestMigrationsAreNumbered guards the order in which they are applied.
func TestMigrationsAreNumbered(t *testing.T) {
	ms, err := migrations("")
	if err != nil {
		t.Fatal(err)
	}
	for i, m := range ms {
		if int(m.version) != i+1 {
			t.Errorf("migration %s is at place %d", m.name, i+1)
		}
	}
}

// TestClusterSchema has the engine's own parser read the schema of a cluster,
// which no test can create.
func TestClusterSchema(t *testing.T) {
	if _, err := chdb.FindLibrary(); err != nil {
		if os.Getenv("MARKWATCH_TEST_ENGINE") == "required" {
			t.Fatal(err)
		}
		t.Skipf("the embedded engine is needed: %v", err)
	}
	s, err := Open(t.Context(), Options{DSN: filepath.Join(t.TempDir(), "s")})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	ms, err := migrations("east'1")
	if err != nil {
		t.Fatal(err)
	}
	local, distributed := 0, 0
	for _, m := range ms {
		for _, statement := range m.statements {
			var formatted string
			row := s.conn.QueryRow(t.Context(), "SELECT formatQuery({q:String})", clickhouse.Named("q", statement))
			if err := row.Scan(&formatted); err != nil {
				t.Errorf("%s: %v", strings.SplitN(statement, "\n", 2)[0], err)
			}
			if !strings.Contains(formatted, "ON CLUSTER") {
				t.Errorf("not on the cluster: %s", formatted)
			}
			if strings.Contains(formatted, "ENGINE = Replicated") {
				local++
			}
			if strings.Contains(formatted, "ENGINE = Distributed") {
				distributed++
			}
		}
	}
	if local == 0 || local != distributed {
		t.Errorf("%d replicated tables and %d distributed ones: want as many of each", local, distributed)
	}
}
