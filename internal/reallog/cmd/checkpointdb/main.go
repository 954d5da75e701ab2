//go:build cgo

// Command checkpointdb makes the SQLite file in which Sunlight keeps its
// checkpoints: it doesn't make one itself, lest a log begin anew by mistake.
package main

import (
	"fmt"
	"os"

	"crawshaw.io/sqlite"
	"crawshaw.io/sqlite/sqlitex"
)

// schema is what Sunlight says it wants.
const schema = `CREATE TABLE checkpoints (logID BLOB PRIMARY KEY, body BLOB NOT NULL) STRICT;`

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: checkpointdb FILE")
		os.Exit(2)
	}
	if err := create(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "checkpointdb:", err)
		os.Exit(1)
	}
}

// create makes the file.
func create(path string) error {
	db, err := sqlite.OpenConn(path, 0)
	if err != nil {
		return fmt.Errorf("making %s: %w", path, err)
	}
	if err := sqlitex.ExecScript(db, schema); err != nil {
		return fmt.Errorf("making the table of %s: %w", path, err)
	}
	return db.Close()
}
