package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
)

// lease tells others that the process that made a snapshot still uses it. In an
// embedded store it is a lock on a file, which the kernel drops when the process
// ends, however it ends. On a server it is a table whose metadata is changed
// again and again, by the server's own clock.
type lease struct {
	file *os.File // locked; nil on a server
	end  func()   // stops renewing, on a server
}

// renewed is how often a lease on a server is renewed, and leaseLife how long one
// that isn't holds: longer than a process that lives is ever kept from it.
const (
	renewed   = time.Minute
	leaseLife = time.Hour
)

// leaseTable is the table of a snapshot whose metadata is changed.
const leaseTable = "schema_migrations"

// leaseFile is locked as long as the snapshot of that name is in use.
func (s *Store) leaseFile(database string) string {
	return filepath.Join(s.location.dir, database+".lock")
}

// takeLease begins the lease of a snapshot, before its database is made.
func (s *Store) takeLease(database string) (*lease, error) {
	if s.location.dir == "" {
		return &lease{}, nil // begins with the first table
	}
	path := s.leaseFile(database)
	for {
		file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
		if err != nil {
			return nil, err
		}
		if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX); err != nil {
			return nil, errors.Join(fmt.Errorf("locking %s: %w", path, err), file.Close())
		}
		ours, err := file.Stat()
		if err != nil {
			return nil, errors.Join(err, file.Close())
		}
		if there, err := os.Stat(path); err == nil && os.SameFile(ours, there) {
			return &lease{file: file}, nil
		}
		file.Close() // somebody took it for one that was left behind, before it was locked
	}
}

// renew keeps a lease on a server from running out, until it is ended.
func (l *lease) renew(ctx context.Context, snapshot *Store) {
	if l.file != nil {
		return
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	var working sync.WaitGroup
	working.Go(func() {
		for tick := time.NewTicker(renewed); ; {
			select {
			case <-ctx.Done():
				tick.Stop()
				return
			case <-tick.C:
				_ = snapshot.renewLease(ctx) // leaseLife is many of them: the next makes up for one that fails
			}
		}
	})
	l.end = func() { cancel(); working.Wait() }
}

// renewLease renews the lease of a snapshot on a server.
func (s *Store) renewLease(ctx context.Context) error {
	return s.conn.Exec(ctx, "ALTER TABLE "+leaseTable+" MODIFY COMMENT "+quote("in use at "+time.Now().UTC().Format(time.RFC3339)))
}

// stop ends renewing.
func (l *lease) stop() {
	if l.end != nil {
		l.end()
	}
}

// release ends the lease of a snapshot that is removed.
func (l *lease) release() error {
	if l.file == nil {
		return nil
	}
	return errors.Join(os.Remove(l.file.Name()), l.file.Close())
}

// dropStale removes the snapshots of processes that ended before they could.
func (s *Store) dropStale(ctx context.Context) error {
	stale := s.unleased
	if s.location.dir == "" {
		stale = func(ctx context.Context) ([]string, error) { return s.runOut(ctx, leaseLife) }
	}
	names, err := stale(ctx)
	if err != nil {
		return fmt.Errorf("looking for snapshots that were left behind: %w", err)
	}
	for _, name := range names {
		if err := s.dropDatabase(ctx, name); err != nil {
			return err
		}
	}
	return nil
}

// unleased are the snapshots of an embedded store that no process has locked. It
// removes the lock files of those that are gone.
func (s *Store) unleased(ctx context.Context) ([]string, error) {
	files, err := s.leaseFiles()
	if err != nil {
		return nil, err
	}
	// The files come first: a snapshot that is begun after this has its file before its database.
	var names, stale []string
	if err := s.conn.QueryRow(ctx, "SELECT groupArray(name) FROM system.databases WHERE startsWith(name, {prefix:String})",
		clickhouse.Named("prefix", s.snapshotPrefix())).Scan(&names); err != nil {
		return nil, err
	}
	for _, file := range files {
		names = append(names, strings.TrimSuffix(filepath.Base(file), ".lock"))
	}
	seen := map[string]bool{}
	for _, name := range names {
		if seen[name] {
			continue
		}
		seen[name] = true
		free, err := freed(s.leaseFile(name))
		if err != nil {
			return nil, err
		}
		if free {
			stale = append(stale, name)
		}
	}
	return stale, nil
}

// tidy removes what a process left that used the embedded store before this one,
// as its file tells without asking the engine. What can't be removed is tried
// again by the next snapshot, which says why.
func (s *Store) tidy(ctx context.Context) {
	if s.location.dir == "" || !s.engine.Owner() {
		return
	}
	if files, err := s.leaseFiles(); err == nil && len(files) > 0 {
		_ = s.dropStale(ctx)
	}
}

// leaseFiles are those of all snapshots of an embedded store.
func (s *Store) leaseFiles() ([]string, error) {
	return filepath.Glob(filepath.Join(globbed(s.location.dir), s.snapshotPrefix()+"*.lock"))
}

// globbed is a path as a pattern that matches it alone.
func globbed(path string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(path)
}

// freed tells whether no process holds the lock, and removes its file then.
func freed(path string) (bool, error) {
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	defer file.Close()
	switch err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); {
	case errors.Is(err, syscall.EWOULDBLOCK):
		return false, nil
	case err != nil:
		return false, fmt.Errorf("locking %s: %w", path, err)
	}
	return true, os.Remove(path)
}

// runOut are the snapshots on a server whose lease wasn't renewed for so long.
func (s *Store) runOut(ctx context.Context, life time.Duration) ([]string, error) {
	var names []string
	err := s.conn.QueryRow(ctx, `SELECT groupArray(database) FROM (
		SELECT database FROM system.tables WHERE startsWith(database, {prefix:String}) AND name = {lease:String}
		GROUP BY database HAVING max(metadata_modification_time) < now() - toIntervalSecond({life:Int64}))`,
		clickhouse.Named("prefix", s.snapshotPrefix()), clickhouse.Named("lease", leaseTable), clickhouse.Named("life", int64(life.Seconds()))).Scan(&names)
	return names, err
}
