package alert

import (
	"fmt"
	"slices"
	"time"

	"markwatch/store"
)

// stormEvery is how long hits of a storm are gathered into one message.
const stormEvery = 15 * time.Minute

// router says which channels hear of a list's hits, and when.
type router struct {
	Options
	names []string        // of all channels
	unset store.WatchList // what counts for hits of no list, and for lists of which nothing is set
	lists map[string]store.WatchList
	free  []string // channels that no list names, or ever named
}

func newRouter(o Options) (*router, error) {
	r := &router{Options: o}
	for _, c := range o.Channels {
		if slices.Contains(r.names, c.Name()) {
			return nil, fmt.Errorf("two channels are called %q", c.Name())
		}
		r.names = append(r.names, c.Name())
	}
	for _, name := range slices.Concat(o.Default, o.Operator) {
		if !slices.Contains(r.names, name) {
			return nil, unknownChannel(name, o.Channels)
		}
	}
	var err error
	r.unset, err = Unset(o.Rhythm, o.DigestAt, o.DigestZone)
	return r, err
}

// Unset is how often and when hits are told where no list says; it tells what
// can't be so.
func Unset(rhythm store.Rhythm, at, zone string) (store.WatchList, error) {
	l := store.WatchList{Name: "default", Rhythm: rhythm, DigestAt: at, DigestZone: zone}
	err := l.Check()
	l.Name = ""
	return l, err
}

// setLists takes over what the lists say now. The channel of a client who is gone is
// not free for others' hits, and while a list names one that isn't configured none
// is: it may have got another name.
func (r *router) setLists(known *knownLists) {
	r.lists = map[string]store.WatchList{}
	named := slices.Clone(known.named)
	renamed := false
	for _, l := range known.all {
		r.lists[l.Name] = l
		named = append(named, l.Channels...)
		renamed = renamed || slices.ContainsFunc(l.Channels, func(name string) bool { return !slices.Contains(r.names, name) })
	}
	r.free = nil
	for _, name := range r.names {
		if !renamed && !slices.Contains(named, name) {
			r.free = append(r.free, name)
		}
	}
}

// byDefault are the channels of what names none. A channel that a list names is
// that client's: nobody else's hits go there unless it is configured so.
func (r *router) byDefault() []string {
	if len(r.Default) > 0 {
		return r.Default
	}
	return r.free
}

// operators are the channels for alarms.
func (r *router) operators() []string {
	if len(r.Operator) > 0 {
		return r.Operator
	}
	return r.byDefault()
}

// channels are those that hear of a list's hits. One that isn't configured any
// more is left out; unknown tells which.
func (r *router) channels(list string) (known, unknown []string) {
	named := r.lists[list].Channels
	if list == "" || len(named) == 0 {
		return r.byDefault(), nil
	}
	for _, name := range named {
		if slices.Contains(r.names, name) {
			known = append(known, name)
		} else {
			unknown = append(unknown, name)
		}
	}
	return known, unknown
}

// list is what is set of a list, or counts where nothing is.
func (r *router) list(name string) store.WatchList {
	if l, set := r.lists[name]; set && name != "" && l.Version > 0 {
		return l
	}
	return r.unset
}

// weekly is when the summary is due that follows t.
func (r *router) weekly(t time.Time) time.Time {
	l := r.unset
	l.Rhythm = store.Weekly
	return l.Due(t).UTC()
}

// began is when the while that ends at due began.
func began(rhythm store.Rhythm, due time.Time) time.Time {
	switch rhythm {
	case store.Hourly:
		return due.Add(-time.Hour)
	case store.Weekly:
		return due.AddDate(0, 0, -7)
	}
	return due.AddDate(0, 0, -1)
}
