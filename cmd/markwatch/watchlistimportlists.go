package main

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"markwatch/queries"
	"markwatch/store"
)

// listSet is what a file changes of a list.
type listSet struct {
	store.WatchList
	what    string
	changes []fieldChange
}

// listsToSet are the lists of which a file says something new.
func (x *importing) listsToSet(ctx context.Context, lists []writtenList) ([]listSet, error) {
	stored, err := x.store.WatchLists(ctx)
	if err != nil {
		return nil, err
	}
	all := map[string]store.WatchList{}
	for _, l := range stored {
		all[l.Name] = l
	}
	var changed []listSet
	for _, w := range lists {
		old, known := all[w.Name]
		s := listSet{WatchList: w.of(old), what: "added"}
		if known {
			s.what = "changed"
		}
		s.changes = listChanges(old, s.WatchList)
		if !known || len(s.changes) > 0 || s.FeedSecret != old.FeedSecret {
			changed = append(changed, s)
		}
		all[w.Name] = s.WatchList
	}
	return changed, x.checkSecrets(all, lists)
}

// checkSecrets tells of lists of a file that would have the feed address of
// another list: whoever has it would read what isn't theirs.
func (x *importing) checkSecrets(all map[string]store.WatchList, lists []writtenList) error {
	whose := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		secret := all[name].FeedSecret
		if first, taken := whose[secret]; taken && secret != "" {
			for _, w := range lists {
				if w.FeedSecret == secret && (w.Name == name || w.Name == first) {
					return x.fault(&placeError{line: w.line, err: fmt.Errorf("the lists %s and %s would have one feed_secret, and each client's feed would be open to the other: leave it out, and a new list gets one of its own", queries.Printable(first), queries.Printable(name))})
				}
			}
		}
		whose[secret] = name
	}
	return nil
}

// setLists sets what a file says of lists.
func (x *importing) setLists(ctx context.Context, lists []listSet) error {
	var changed []store.WatchList
	for _, l := range lists {
		x.warnOfChannels(l.WatchList)
		changed = append(changed, l.WatchList)
		if err := x.printList(x.json, l.what, l.WatchList, l.changes); err != nil {
			return err
		}
	}
	x.done.Lists = len(changed)
	if x.dry || len(changed) == 0 {
		return nil
	}
	if err := x.store.SaveWatchLists(ctx, changed, author()); err != nil {
		return fmt.Errorf("storing the watch lists: %w", err)
	}
	return nil
}
