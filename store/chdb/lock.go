package chdb

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"
)

// The store's directory holds files of ours and engineDir, which is ClickHouse's.
const (
	lockFile   = "owner.lock"
	socketFile = "owner.sock"
	configFile = "clickhouse.xml" // written anew by each owner
	engineDir  = "clickhouse"
)

// ownership is the content of the lock file: who owns the directory and how to reach it. It is only believed while the
// file is locked, except for the path of a socket to be removed.
type ownership struct {
	PID    int    `json:"pid"`
	Socket string `json:"socket,omitempty"`
}

// makeDirectory makes dir where it is missing.
func makeDirectory(dir string) error {
	if err := os.MkdirAll(filepath.Join(dir, engineDir), 0o700); err != nil {
		return fmt.Errorf("making the store's directory %s: %w%s", dir, err, remedy(err))
	}
	return nil
}

// prepareDirectory makes dir usable by its owner or says what is in the way; a client needs no more than the owner's socket.
func prepareDirectory(dir string) error {
	// The directory itself may be one that others also use; what ClickHouse writes is nobody else's business.
	if err := os.Chmod(filepath.Join(dir, engineDir), 0o700); err != nil {
		return fmt.Errorf("closing the store's directory %s to others: %w%s", dir, err, remedy(err))
	}
	probe, err := os.CreateTemp(filepath.Join(dir, engineDir), ".probe-*")
	if err != nil {
		return fmt.Errorf("writing in the store's directory %s: %w%s", dir, err, remedy(err))
	}
	_, err = probe.Write(make([]byte, 1<<16))
	err = errors.Join(err, probe.Close(), os.Remove(probe.Name()))
	if err != nil {
		return fmt.Errorf("writing in the store's directory %s: %w%s", dir, err, remedy(err))
	}
	return nil
}

// remedy says what can be done about a directory that can't be used.
func remedy(err error) string {
	switch {
	case errors.Is(err, os.ErrPermission):
		return "; give this user the directory, or name another with --store"
	case errors.Is(err, syscall.EROFS):
		return "; mount it for writing, or name a directory elsewhere with --store"
	case errors.Is(err, syscall.ENOTDIR), errors.Is(err, os.ErrExist):
		return "; that is a file: name a directory with --store"
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return "; free some space, or name a directory on another disk with --store"
	}
	return ""
}

// errOwned says that another process, or another Engine of this one, owns the directory.
var errOwned = errors.New("another process holds the directory and does not answer")

// dirLock is the lock on a directory. The kernel drops it when the process dies, however it dies.
type dirLock struct{ file *os.File }

// lockDirectory takes the lock, or says errOwned.
func lockDirectory(dir string) (*dirLock, error) {
	path := filepath.Join(dir, lockFile)
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("opening the lock %s: %w%s", path, err, remedy(err))
	}
	switch err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); {
	case errors.Is(err, syscall.EWOULDBLOCK):
		return nil, errors.Join(errOwned, file.Close())
	case err != nil:
		return nil, errors.Join(fmt.Errorf("locking %s: %w", path, err), file.Close())
	}
	return &dirLock{file: file}, nil
}

// write says who owns the directory.
func (l *dirLock) write(o ownership) error {
	text, err := json.Marshal(o)
	if err == nil {
		err = l.file.Truncate(0)
	}
	if err == nil {
		_, err = l.file.WriteAt(append(text, '\n'), 0)
	}
	if err != nil {
		return fmt.Errorf("writing the lock %s: %w%s", l.file.Name(), err, remedy(err))
	}
	return nil
}

// release gives the directory free for the next owner.
func (l *dirLock) release() error {
	return errors.Join(l.file.Truncate(0), l.file.Close())
}

// readOwnership reads who owns dir; the zero value when nobody says so (yet).
func readOwnership(dir string) (ownership, error) {
	file, err := os.Open(filepath.Join(dir, lockFile))
	if err != nil {
		return ownership{}, fmt.Errorf("reading who uses %s: %w%s", dir, err, remedy(err))
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, 1<<16))
	if err != nil {
		return ownership{}, fmt.Errorf("reading who uses %s: %w", dir, err)
	}
	var o ownership
	if json.Unmarshal(text, &o) != nil {
		return ownership{}, nil // half written: the owner is about to finish it
	}
	return o, nil
}
