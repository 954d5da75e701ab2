package chdb

import (
	"os"
	"path/filepath"
	"syscall"
)

// Running tells whether a process owns the directory now. It creates nothing.
func Running(dir string) bool {
	file, err := os.Open(filepath.Join(dir, lockFile))
	if err != nil {
		return false
	}
	defer file.Close() // and with it the lock, where it was free
	return syscall.Flock(int(file.Fd()), syscall.LOCK_SH|syscall.LOCK_NB) == syscall.EWOULDBLOCK
}
