package scanner

import (
	"encoding/binary"
	"fmt"
	"slices"
	"time"
)

// maxAbsences bounds how many sizes of trees are remembered.
const maxAbsences = 1024

// absence says that a tree head signed at this time had no entry from size on.
type absence struct {
	size uint64
	at   time.Time
}

// absences are what verified tree heads lack, by size. With them a log is
// caught that merges an entry later than it promised in the SCT: the entry is
// absent from a tree head signed after the maximum merge delay (RFC 6962,
// section 3).
type absences []absence

// add takes a verified tree head. A head from the future proves nothing yet.
func (a *absences) add(h TreeHead, now time.Time) {
	at := h.Timestamp
	if at.After(now) {
		at = now
	}
	i, known := slices.BinarySearchFunc(*a, h.Size, func(x absence, size uint64) int {
		switch {
		case x.size < size:
			return -1
		case x.size > size:
			return 1
		}
		return 0
	})
	if !known {
		*a = slices.Insert(*a, i, absence{h.Size, at})
	} else if at.After((*a)[i].at) {
		(*a)[i].at = at
	}
	if len(*a) > maxAbsences {
		*a = slices.Delete(*a, 0, 1) // less is proved then, and nothing wrong
	}
}

// before returns the newest time at which a tree head without the entry was
// signed; zero if none is known.
func (a absences) before(index uint64) (newest time.Time) {
	for _, x := range a {
		if x.size <= index && x.at.After(newest) {
			newest = x.at
		}
	}
	return newest
}

// prune joins what is said of entries before next, which were all delivered.
func (a *absences) prune(next uint64) {
	at := a.before(next)
	keep := slices.IndexFunc(*a, func(x absence) bool { return x.size > next })
	if keep < 0 {
		keep = len(*a)
	}
	if keep > 0 {
		*a = slices.Replace(*a, 0, keep, absence{next, at})
	}
}

// late tells which entries of a batch were merged later than the maximum merge
// delay after their SCT.
func (a absences) late(entries []Entry, mmd time.Duration) (odd []oddEntry) {
	for _, e := range entries {
		if len(e.LeafInput) < 10 { // version, leaf type, timestamp (RFC 6962, section 3.4)
			continue
		}
		ms := binary.BigEndian.Uint64(e.LeafInput[2:])
		if ms > maxTimestampMS {
			continue
		}
		promised := time.UnixMilli(int64(ms)).Add(mmd)
		if at := a.before(e.Index); at.After(promised) {
			odd = append(odd, oddEntry{e.Index, EntryLate, fmt.Errorf("its SCT promised it by %s, and a tree head signed at %s is without it",
				promised.UTC().Format(time.RFC3339), at.UTC().Format(time.RFC3339))})
		}
	}
	return odd
}
