//go:build !linux

package faults

import "errors"

// smallDisk is for Linux alone.
func smallDisk(string) (func(), error) {
	return nil, errors.New("small file systems are mounted on Linux only")
}

// fillUp has nothing to fill without a small disk.
func fillUp(string) error { return errors.New("there is no small disk to fill") }
