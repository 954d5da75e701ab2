package store

import (
	"context"
	"fmt"
)

// insert writes the rows, whose struct tags name all columns of the table, as
// one block. The driver asks for the table's columns each time: remembered ones
// would have the engine leave out, without a word, what another markwatch has
// renamed meanwhile.
func insert[T any](ctx context.Context, s *Store, table string, rows []*T) error {
	if len(rows) == 0 {
		return nil
	}
	batch, err := s.conn.PrepareBatch(ctx, "INSERT INTO "+table)
	if err != nil {
		return fmt.Errorf("writing %s: %w", table, err)
	}
	defer batch.Close()
	for _, row := range rows {
		if err := batch.AppendStruct(row); err != nil {
			return fmt.Errorf("writing %s: %w", table, err)
		}
	}
	if err := batch.Send(); err != nil {
		return fmt.Errorf("writing %s: %w", table, err)
	}
	return nil
}
