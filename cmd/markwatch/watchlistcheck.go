package main

import (
	"encoding/hex"
	"errors"
	"fmt"
	"hash/maphash"
	"strings"
	"time"

	"markwatch/match"
)

// checkedItems is what a first reading of a file keeps: what is needed before
// the rest, or takes long to read.
type checkedItems struct {
	items int
	first []writtenItem // that are own or allowed
	logos []writtenItem
	// halfTimed: of an item one of starts and ends is said, and the other not.
	halfTimed bool
}

// maxFaults bounds how many faults of a file are told.
const maxFaults = 10

// checkItems reads a file through. Its faults are one error.
func checkItems(file *itemFile) (*checkedItems, error) {
	known := &checkedItems{}
	var faults []error
	places := &itemPlaces{seed: maphash.MakeSeed(), ids: map[idKey]itemPlace{}, excusing: map[string]excusingPlace{}}
	for w, err := range file.items(false) {
		var at *placeError
		switch {
		case errors.As(err, &at):
		case err != nil:
			return nil, errors.Join(append(faults, err)...)
		default:
			err = places.add(&w)
		}
		if err != nil {
			if faults = append(faults, err); len(faults) == maxFaults {
				faults = append(faults, errors.New("and there may be more"))
				break
			}
			continue
		}
		known.items++
		known.halfTimed = known.halfTimed || w.starts != w.ends
		switch {
		case w.Role != match.Watch:
			known.first = append(known.first, w)
		case w.Kind == match.KindLogo:
			w.List, w.Notes = strings.Clone(w.List), strings.Clone(w.Notes) // and not the row with its image
			known.logos = append(known.logos, w)
		}
	}
	return known, errors.Join(faults...)
}

// idKey is the first half of an item's id.
type idKey [16]byte

func keyOf(id string) (k idKey) {
	_, _ = hex.Decode(k[:], []byte(id[:2*len(k)])) // it is hexadecimal
	return k
}

// itemPlace is where a file has an item, and a hash of what it says of it.
type itemPlace struct {
	says uint64
	line uint32
}

// itemPlaces tells whether a file has an item twice.
type itemPlaces struct {
	seed     maphash.Seed
	ids      map[idKey]itemPlace
	excusing map[string]excusingPlace // by list, kind and value
}

// excusingPlace is where a file has an item that is own or allowed.
type excusingPlace struct {
	line uint32
	role match.Role
}

func (p *itemPlaces) add(w *writtenItem) error {
	place := itemPlace{maphash.Comparable(p.seed, sketchOf(p.seed, w.Item)), uint32(w.line)}
	if first, twice := p.ids[keyOf(w.ID)]; twice {
		verb := "repeats"
		if first.says != place.says {
			verb = "contradicts"
		}
		return &placeError{line: w.line, err: fmt.Errorf("it %s line %d: both are the %s", verb, first.line, named(w.Item))}
	}
	p.ids[keyOf(w.ID)] = place
	if w.Role == match.Watch {
		return nil
	}
	what := strings.Join([]string{w.List, string(w.Kind), w.Register, w.Value}, "\x00")
	if first, twice := p.excusing[what]; twice {
		return &placeError{line: w.line, err: fmt.Errorf("it contradicts line %d, which says %s of the %s", first.line, first.role, named(w.Item))}
	}
	p.excusing[what] = excusingPlace{place.line, w.Role}
	return nil
}

// itemSketch is enough of what is said of an item to tell whether that changes.
type itemSketch struct {
	severity, notes uint64
	starts, ends    sketchedTime
}

// sketchedTime is a time in milliseconds; 0 is none.
type sketchedTime int64

func sketchTime(t time.Time) sketchedTime {
	if t.IsZero() {
		return 0
	}
	return sketchedTime(t.UnixMilli() + 1<<60) // apart from none
}

func (t sketchedTime) time() time.Time {
	if t == 0 {
		return time.Time{}
	}
	return time.UnixMilli(int64(t) - 1<<60).UTC()
}

func sketchOf(seed maphash.Seed, i match.Item) itemSketch {
	return itemSketch{maphash.String(seed, string(i.Severity)), maphash.String(seed, i.Notes), sketchTime(i.Starts), sketchTime(i.Ends)}
}

// says tells whether what the file says of an item is what is stored.
func (w *writtenItem) says(old, now itemSketch) bool {
	return (!w.severity || old.severity == now.severity) && (!w.notes || old.notes == now.notes) &&
		(!w.starts || old.starts == now.starts) && (!w.ends || old.ends == now.ends)
}
