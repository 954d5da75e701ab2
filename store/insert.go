package store

import (
	"context"
	"fmt"
	"sync"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// insert writes the rows, whose struct tags name all columns of the table, as one block.
func insert[T any](ctx context.Context, s *Store, table string, rows []*T) error {
	if len(rows) == 0 {
		return nil
	}
	if err := s.insertRows(ctx, table, func(b driver.Batch) error {
		for _, row := range rows {
			if err := b.AppendStruct(row); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		s.shapes.forget(table)
		return fmt.Errorf("writing %s: %w", table, err)
	}
	return nil
}

// insertRows sends the block that fill fills.
func (s *Store) insertRows(ctx context.Context, table string, fill func(driver.Batch) error) error {
	batch, err := s.conn.PrepareBatch(s.shapes.within(ctx, table), "INSERT INTO "+table)
	if err != nil {
		return err
	}
	defer batch.Close()
	s.shapes.learn(table, batch)
	if err := fill(batch); err != nil {
		return err
	}
	return batch.Send()
}

// shapes remembers the columns of tables, which the driver would ask for with
// each insert. They change with a migration alone, by another markwatch; the
// insert that fails then has them asked for again.
type shapes struct {
	mu    sync.Mutex
	known map[string][]clickhouse.ColumnNameAndType
}

// within gives an insert what is known of its table.
func (s *shapes) within(ctx context.Context, table string) context.Context {
	s.mu.Lock()
	defer s.mu.Unlock()
	columns := s.known[table]
	if columns == nil {
		return ctx
	}
	return clickhouse.Context(ctx, clickhouse.WithColumnNamesAndTypes(columns))
}

// learn remembers what the driver was told for a batch.
func (s *shapes) learn(table string, b driver.Batch) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.known[table] != nil {
		return
	}
	if s.known == nil {
		s.known = map[string][]clickhouse.ColumnNameAndType{}
	}
	for _, c := range b.Columns() {
		s.known[table] = append(s.known[table], clickhouse.ColumnNameAndType{Name: c.Name(), Type: string(c.Type())})
	}
}

// forget has a table's columns asked for again.
func (s *shapes) forget(table string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.known, table)
}
