package faults

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// smallBytes is how much the small disk holds: an empty store and some more.
const smallBytes = 96 << 20

// smallDisk puts a small file system of its own at a folder, and returns what
// takes it away. It takes root.
func smallDisk(dir string) (release func(), err error) {
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%d", smallBytes)); err != nil {
		return nil, fmt.Errorf("a small tmpfs can't be mounted (%w): run as root", err)
	}
	return func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) }, nil
}

// fillUp writes a file until there is no room left.
func fillUp(path string) error {
	f, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("filling the disk: %w", err)
	}
	defer f.Close()
	for size := 1 << 20; size > 0; {
		_, err := f.Write(make([]byte, size))
		switch {
		case errors.Is(err, syscall.ENOSPC):
			size /= 2
		case err != nil:
			return fmt.Errorf("filling the disk: %w", err)
		}
	}
	return nil
}
