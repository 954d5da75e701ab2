package alert_test

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"markwatch/internal/alert"
	"markwatch/internal/alert/channel"
	"markwatch/internal/alert/notice"
	"markwatch/store"
)

// TestWaitingHitsFollowTheirList guards that what waits for a client's channel
// when its list is given to another one is told there, once, and not here.
func TestWaitingHitsFollowTheirList(t *testing.T) {
	for name, rhythm := range map[string]store.Rhythm{"at once": store.AtOnce, "hourly": store.Hourly} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := &memory{}
				list := store.WatchList{Name: "acme", Client: "Acme Ltd", Channels: []string{"acme"}, Rhythm: rhythm, Version: 1}
				m.set(list)
				away := true
				acme := &recorder{name: "acme", answer: func(int, *notice.Message) error {
					if away {
						return errBusy
					}
					return nil
				}}
				borl, both := &recorder{name: "borl"}, &recorder{name: "both"}
				stop := start(t, m, alert.Options{Channels: []channel.Channel{acme, borl, both}, Operator: []string{"both"}, DigestAt: "sun 23:59"})
				m.find(found(1, "acme"))
				m.find(found(2, "acme"))
				time.Sleep(61 * time.Minute) // it is tried, and waits
				list.Client, list.Channels = "Borl AG", []string{"borl", "both"}
				m.set(list)
				away = false
				time.Sleep(5 * time.Hour)
				stop()
				if got := acme.hits(); len(got) != 0 {
					t.Errorf("the former client is told %v", got)
				}
				for _, c := range []*recorder{borl, both} {
					if diff := cmp.Diff([]string{id(1), id(2)}, slices.Sorted(slices.Values(c.hits()))); diff != "" {
						t.Errorf("%s (-want +got):\n%s", c.name, diff)
					}
				}
			})
		})
	}
}

// TestHitsOfADeletedListGoNowhere guards that what waits of a list that is
// deleted is told to nobody, not by default either.
func TestHitsOfADeletedListGoNowhere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &memory{}
		m.set(store.WatchList{Name: "acme", Channels: []string{"acme"}})
		acme, desk := &recorder{name: "acme", answer: func(int, *notice.Message) error { return errBusy }}, &recorder{name: "desk"}
		stop := start(t, m, alert.Options{Channels: []channel.Channel{acme, desk}, Operator: []string{"acme"}, Default: []string{"desk"}})
		m.find(found(1, "acme"))
		time.Sleep(10 * time.Minute)
		m.set()
		tried := len(acme.tried)
		time.Sleep(5 * time.Hour)
		stop()
		for _, try := range acme.tried[tried:] {
			t.Errorf("it is tried at %s", try)
		}
		if got := desk.hits(); len(got) != 0 {
			t.Errorf("by default %v is told", got)
		}
	})
}

// TestAClientsChannelIsNeverFree guards that hits of no list, and of lists that name no
// channel, go to none that is or was a client's, also under another name.
func TestAClientsChannelIsNeverFree(t *testing.T) {
	acme := store.WatchList{Name: "acme", Channels: []string{"acme"}}
	for name, tt := range map[string]struct {
		lists []store.WatchList
		ever  []string
		want  int
	}{
		"nobody named it":                 {nil, nil, 1},
		"a list names it":                 {[]store.WatchList{{Name: "acme", Channels: []string{"counsel"}}}, []string{"counsel"}, 0},
		"a list that is deleted named it": {nil, []string{"counsel"}, 0},
		"it had another name":             {[]store.WatchList{acme}, []string{"acme"}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := &memory{lists: tt.lists, named: tt.ever}
				counsel := &recorder{name: "counsel"}
				stop := start(t, m, alert.Options{Channels: []channel.Channel{counsel}})
				m.find(found(1, ""))
				time.Sleep(time.Minute)
				stop()
				if got := len(counsel.hits()); got != tt.want {
					t.Errorf("%d hits are told, want %d", got, tt.want)
				}
			})
		})
	}
}
