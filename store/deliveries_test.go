package store_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"markwatch/internal/marktest"
	"markwatch/match"
	"markwatch/scanner"
	"markwatch/store"
)

// deliveryID is an id of 64 digits.
func deliveryID(n int) string { return fmt.Sprintf("%064x", n) }

func TestDeliveriesStandAsWrittenLast(t *testing.T) {
	s := open(t, t.TempDir())
	at := time.Date(2026, 3, 4, 5, 6, 7, 8e6, time.UTC)
	first := store.Delivery{ID: deliveryID(1), Channel: "mail", Kind: "hit", List: "misavu", Hits: []string{deliveryID(0xa)}, State: store.DeliveryWaiting, Queue: 2, From: at, To: at, MadeAt: at, DueAt: at, At: at}
	second := store.Delivery{ID: deliveryID(2), Channel: "mail", Kind: "hit", Hits: []string{deliveryID(0xb)}, State: store.DeliveryWaiting, Queue: 1, From: at, To: at, MadeAt: at, DueAt: at, At: at}
	other := store.Delivery{ID: deliveryID(3), Channel: "hook", Kind: "hit", Hits: []string{deliveryID(0xa)}, State: store.DeliveryWaiting, Queue: 3, From: at, To: at, MadeAt: at, DueAt: at, At: at}
	save(t, s, first, second, other)
	queue := func(channel string) []store.Delivery {
		got, err := s.Queue(t.Context(), channel, 10)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	if diff := cmp.Diff([]store.Delivery{second, first}, queue("mail")); diff != "" {
		t.Errorf("queue of mail (-want +got):\n%s", diff)
	}
	sent := second
	sent.State, sent.Attempt = store.DeliverySent, 1
	save(t, s, sent)
	if diff := cmp.Diff([]store.Delivery{first}, queue("mail")); diff != "" {
		t.Errorf("queue of mail after one was sent (-want +got):\n%s", diff)
	}
	waiting, err := s.Waiting(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]uint64{"mail": 1, "hook": 1}, waiting); diff != "" {
		t.Errorf("waiting (-want +got):\n%s", diff)
	}
	tries, err := s.Attempts(t.Context(), second.ID)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]store.Delivery{second, sent}, tries); diff != "" {
		t.Errorf("attempts (-want +got):\n%s", diff)
	}
	found, err := s.Deliveries(t.Context(), store.DeliveryFilter{Hit: deliveryID(0xa), IDs: []string{strings.Repeat("0", 40)}})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]store.Delivery{other, first}, found); diff != "" {
		t.Errorf("deliveries of a hit (-want +got):\n%s", diff)
	}
}

func save(t *testing.T, s *store.Store, all ...store.Delivery) {
	t.Helper()
	if err := s.SaveDeliveries(t.Context(), all); err != nil {
		t.Fatal(err)
	}
}

func TestGatheredUntilTheirDigestIsMade(t *testing.T) {
	s := open(t, t.TempDir())
	at := time.Date(2026, 3, 4, 0, 0, 0, 0, time.UTC)
	gathered := store.Delivery{ID: deliveryID(1), Channel: "mail", Kind: "hit", Hits: []string{deliveryID(0xa)}, Digest: deliveryID(9), Rhythm: "daily", State: store.DeliveryGathered, From: at, To: at, MadeAt: at, DueAt: at, At: at}
	save(t, s, gathered)
	got, err := s.Gathered(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]store.Delivery{gathered}, got); diff != "" {
		t.Errorf("gathered (-want +got):\n%s", diff)
	}
	save(t, s, store.Delivery{ID: deliveryID(9), Channel: "mail", Kind: "digest", Hits: gathered.Hits, State: store.DeliveryWaiting})
	if got, err = s.Gathered(t.Context()); err != nil || len(got) > 0 {
		t.Errorf("gathered after the digest was made: %v, %v", got, err)
	}
}

// TestBaseline tells hits on what was in a log before anyone watched from those on what came.
func TestBaseline(t *testing.T) {
	s := open(t, t.TempDir())
	log := newLog("baseline")
	var old, fresh string
	for _, b := range read(t, log, scanner.Position{}, 0) {
		commit(t, s, b)
		if len(b.Marks) > 0 {
			old = fmt.Sprintf("%x", b.Marks[0].Entry.Mark.TBSSHA256)
		}
	}
	position, err := s.Position(t.Context(), logOf(log))
	if err != nil {
		t.Fatal(err)
	}
	kind := marktest.Kinds()[0]
	kind.Spec.Domains = []string{"fresh.example"}
	issued := marktest.NewCA("Fresh CA").Issue(kind.Spec)
	log.AddPreChain(issued.Precertificate, issued.TBS, issued.IssuerKeyHash, issued.Chain...)
	log.Publish()
	for _, b := range read(t, log, position, 0) {
		commit(t, s, b)
		for _, m := range b.Marks {
			fresh = fmt.Sprintf("%x", m.Entry.Mark.TBSSHA256)
		}
	}
	before, err := s.HitsVersion(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	hits := []match.Hit{
		{ID: deliveryID(1), Rule: "logo", Severity: match.High, TBSSHA256: old, FirstSeen: time.Unix(1, 0)},
		{ID: deliveryID(2), Rule: "logo", Severity: match.High, TBSSHA256: fresh, FirstSeen: time.Unix(2, 0)},
		{ID: deliveryID(3), Rule: "logo", Severity: match.High, TBSSHA256: old, OtherTBSSHA256: fresh, FirstSeen: time.Unix(3, 0)},
		{ID: deliveryID(4), Rule: "logo", Severity: match.High, TBSSHA256: fresh, FirstSeen: time.Unix(4, 0)},
	}
	if err := s.SaveHits(t.Context(), match.Changes{Hits: hits}); err != nil {
		t.Fatal(err)
	}
	if after, err := s.HitsVersion(t.Context()); err != nil || after <= before {
		t.Errorf("the version of the hits is %d after some were found, was %d, %v", after, before, err)
	}
	save(t, s, store.Delivery{ID: deliveryID(8), State: store.DeliveryQuiet, Hits: []string{hits[3].ID}})
	found, err := s.Unplanned(t.Context(), 100)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]bool{}
	for _, f := range found {
		got[f.ID] = f.Fresh
	}
	if diff := cmp.Diff(map[string]bool{hits[0].ID: false, hits[1].ID: true, hits[2].ID: true}, got); diff != "" {
		t.Errorf("hits without a delivery, and whether they are fresh (-want +got):\n%s", diff)
	}
}

func TestAlarmsLastUntilCleared(t *testing.T) {
	s := open(t, t.TempDir())
	at := time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
	for _, since := range []time.Time{at, at.Add(time.Minute)} { // the second is the first one lasting on
		if err := s.RaiseAlarm(t.Context(), store.Alarm{Kind: "blind", Subject: "gorgon", Text: "no head", Since: since}); err != nil {
			t.Fatal(err)
		}
	}
	alarms, err := s.Alarms(t.Context(), at.AddDate(1, 0, 0))
	if err != nil || len(alarms) != 1 || !alarms[0].Since.Equal(at) || !alarms[0].Cleared.IsZero() {
		t.Fatalf("lasting alarms: %+v, %v", alarms, err)
	}
	if err := s.ClearAlarm(t.Context(), "blind", "gorgon", at.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if alarms, err = s.Alarms(t.Context(), at.AddDate(1, 0, 0)); err != nil || len(alarms) > 0 {
		t.Errorf("alarms that last after all were cleared: %+v, %v", alarms, err)
	}
	if err := s.RaiseAlarm(t.Context(), store.Alarm{Kind: "blind", Subject: "gorgon", Text: "no head again", Since: at.Add(2 * time.Hour)}); err != nil {
		t.Fatal(err)
	}
	if alarms, err = s.Alarms(t.Context(), at); err != nil || len(alarms) != 2 {
		t.Errorf("alarms of the day: %+v, %v", alarms, err)
	}
}

func TestClaims(t *testing.T) {
	s := open(t, t.TempDir())
	hour := time.Now().Add(time.Hour)
	claim := func(owner string, until time.Time) bool {
		t.Helper()
		got, err := s.Claim(t.Context(), "sending", owner, until)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	if !claim("a", hour) || claim("b", hour) || !claim("a", hour) {
		t.Fatal("the first to claim does not have it alone")
	}
	if err := s.Release(t.Context(), "sending", "a"); err != nil {
		t.Fatal(err)
	}
	if !claim("b", hour) || claim("a", hour) {
		t.Fatal("what was given up can't be claimed")
	}
}
