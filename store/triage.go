package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/ClickHouse/clickhouse-go/v2"
)

// The states of a hit.
const (
	HitNew          = "new"          // nobody has looked at it
	HitAcknowledged = "acknowledged" // somebody looks at it
	HitEscalated    = "escalated"    // something is being done about it
	HitDismissed    = "dismissed"    // there is nothing to do, for a reason
	HitResolved     = "resolved"     // something was done about it
)

// Groups of states, by which hits are asked for.
const (
	StatesAll    = "all"
	StatesOpen   = "open"   // there is still something to do: new, acknowledged, escalated
	StatesClosed = "closed" // dismissed, resolved
)

// HitStateNames lists the states of a hit.
func HitStateNames() []string {
	return []string{HitNew, HitAcknowledged, HitEscalated, HitDismissed, HitResolved}
}

// HitOpen tells whether there is still something to do about a hit of a state.
func HitOpen(state string) bool {
	return state == HitNew || state == HitAcknowledged || state == HitEscalated
}

// Action is what a person does to a hit.
type Action string

// The actions.
const (
	Acknowledge Action = "acknowledge"
	Escalate    Action = "escalate"
	Dismiss     Action = "dismiss"
	Resolve     Action = "resolve"
	Reopen      Action = "reopen"
	Assign      Action = "assign"
	Note        Action = "note"
)

// State is the state to which an action leads; "" where it leads to none, and
// where there is no such action.
func (a Action) State() string {
	switch a {
	case Acknowledge:
		return HitAcknowledged
	case Escalate:
		return HitEscalated
	case Dismiss:
		return HitDismissed
	case Resolve:
		return HitResolved
	case Reopen:
		return HitNew
	}
	return ""
}

// DismissalReasons lists why a hit can be dismissed: the certificate is the
// client's own, it is licensed, the two have nothing to do with each other, or as
// the note says.
func DismissalReasons() []string { return []string{"own", "licensed", "unrelated", "other"} }

// Longest texts of an event, in characters.
const (
	maxNote = 10_000
	maxName = 200
)

// TriageEvent is one change of a hit's triage. Who saves one gives HitID, Author,
// Action, and what belongs to it; the store adds the rest.
type TriageEvent struct {
	ID       string // SHA-256 of what it says
	HitID    string
	At       time.Time // zero when saved: now
	Author   string
	Action   Action
	State    string // to which the action led; "" for none
	Reason   string // of a dismissal
	Assignee string // to whom Assign gave it; "" for nobody
	Note     string
	Pair     bool // it is about all hits of the hit's pair, those still to come too
}

// eventRow is a row of hit_events.
type eventRow struct {
	HitID            string    `ch:"hit_id"`
	Version          uint64    `ch:"version"`
	EventID          string    `ch:"event_id"`
	At               time.Time `ch:"at"`
	Author           string    `ch:"author"`
	Action           string    `ch:"action"`
	State            string    `ch:"state"`
	Reason           string    `ch:"reason"`
	Assignee         string    `ch:"assignee"`
	Note             string    `ch:"note"`
	Pair             bool      `ch:"pair"`
	PairItem         string    `ch:"pair_item"`
	PairOther        string    `ch:"pair_other"`
	PairOrganisation string    `ch:"pair_organisation"`
}

// CheckTriage says what of an event can't be.
func CheckTriage(e TriageEvent) error {
	if e.Action.State() == "" && e.Action != Assign && e.Action != Note {
		return fmt.Errorf("there is no action %q on a hit", e.Action)
	}
	if err := e.checkReason(); err != nil {
		return err
	}
	switch {
	case e.Action != Assign && e.Assignee != "":
		return fmt.Errorf("only assign gives a hit to somebody, and the action is %s", e.Action)
	case e.Action == Note && e.Note == "":
		return errors.New("the note is empty")
	case e.Pair && e.Action != Dismiss && e.Action != Reopen:
		return fmt.Errorf("a pair can be dismissed and reopened, and the action is %s", e.Action)
	}
	for _, text := range []struct {
		what, value string
		most        int
		allowed     string
	}{{"note", e.Note, maxNote, "\n\t"}, {"name of the assignee", e.Assignee, maxName, ""}, {"name of the author", e.Author, maxName, ""}} {
		if err := checkText(text.value, text.most, text.allowed); err != nil {
			return fmt.Errorf("the %s %w", text.what, err)
		}
	}
	return nil
}

func (e *TriageEvent) checkReason() error {
	switch {
	case e.Action != Dismiss && e.Reason != "":
		return fmt.Errorf("only what is dismissed has a reason, and the action is %s", e.Action)
	case e.Action == Dismiss && !slices.Contains(DismissalReasons(), e.Reason):
		return fmt.Errorf("%q is no reason to dismiss a hit; there are: %s", e.Reason, strings.Join(DismissalReasons(), ", "))
	case e.Action == Dismiss && e.Reason == "other" && e.Note == "":
		return errors.New("a hit that is dismissed for another reason needs a note that says which")
	}
	return nil
}

// checkText says what a text has that it may not; allowed are the control
// characters that it may.
func checkText(text string, most int, allowed string) error {
	if !utf8.ValidString(text) {
		return errors.New("is not UTF-8")
	}
	if n := utf8.RuneCountInString(text); n > most {
		return fmt.Errorf("has %d characters, and may have %d", n, most)
	}
	for _, r := range text {
		if (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)) && !strings.ContainsRune(allowed, r) {
			return fmt.Errorf("has a character that can't be seen: U+%04X", r)
		}
	}
	return nil
}

// SaveTriage appends events to the history of hits: all of them, or none. An
// event is later than all that are stored, also where the clock was put back. Of
// those about one pair the first is kept: events saved together do the same.
func (s *Store) SaveTriage(ctx context.Context, events []TriageEvent) error {
	if len(events) == 0 {
		return nil
	}
	for _, e := range events {
		if err := CheckTriage(e); err != nil {
			return err
		}
	}
	hits, err := s.hitsOf(ctx, events)
	if err != nil {
		return err
	}
	var newest uint64
	if err := s.conn.QueryRow(ctx, "SELECT max(version) FROM hit_events").Scan(&newest); err != nil {
		return fmt.Errorf("reading what was decided on hits: %w", err)
	}
	now := time.Now().UTC()
	version := max(newest+1, uint64(now.UnixNano()))
	var rows []*eventRow
	pairs := map[[3]string]bool{}
	for _, e := range events {
		h := hits[e.HitID]
		if h == nil {
			return fmt.Errorf("there is no hit %s", e.HitID)
		}
		if e.At.IsZero() {
			e.At = now
		}
		r := e.row(version+uint64(len(rows)), h)
		pair := [3]string{r.PairItem, r.PairOther, r.PairOrganisation}
		if e.Pair && pairs[pair] {
			continue
		}
		pairs[pair] = pairs[pair] || e.Pair
		rows = append(rows, r)
	}
	return insert(ctx, s, "hit_events", rows)
}

// hitsOf are the hits that events are about, by id.
func (s *Store) hitsOf(ctx context.Context, events []TriageEvent) (map[string]*hitRow, error) {
	var ids []string
	for _, e := range events {
		ids = append(ids, e.HitID)
	}
	hits := map[string]*hitRow{}
	for some := range slices.Chunk(ids, idsAtOnce) {
		rows, err := s.hitRows(ctx, "id IN {ids:Array(String)}", clickhouse.Named("ids", some))
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			hits[r.ID] = r
		}
	}
	return hits, nil
}

// idsAtOnce bounds how many ids a question names: they have to fit a request's head.
const idsAtOnce = 1000

// row is the event with what the store adds.
func (e *TriageEvent) row(version uint64, h *hitRow) *eventRow {
	r := &eventRow{
		HitID: e.HitID, Version: version, At: storable(e.At), Author: e.Author, Action: string(e.Action), State: e.Action.State(),
		Reason: e.Reason, Assignee: e.Assignee, Note: e.Note, Pair: e.Pair,
	}
	r.PairOrganisation, r.PairItem = h.OrganisationKey, h.WatchItem
	if h.WatchItem == "" {
		r.PairOther = h.OtherOrganisationKey
	}
	sum := sha256.Sum256([]byte(strings.Join([]string{
		r.HitID, strconv.FormatUint(version, 10), r.Author, r.Action, r.Reason, r.Assignee, r.Note, strconv.FormatBool(r.Pair),
	}, "\x00")))
	r.EventID = hex.EncodeToString(sum[:])
	return r
}

// TriageEvents is the history of a hit, oldest first: with what was decided on its
// pair, also where that was done on another hit.
func (s *Store) TriageEvents(ctx context.Context, hitID string) ([]TriageEvent, error) {
	rows, err := s.conn.Query(ctx, `SELECT event_id, hit_id, at, author, action, state, reason, assignee, note, pair FROM hit_events FINAL
		WHERE hit_id = {id:String} OR pair AND pair_id IN (SELECT pair_id FROM hits FINAL WHERE id = {id:String}) ORDER BY version, event_id`, clickhouse.Named("id", hitID))
	if err != nil {
		return nil, fmt.Errorf("reading the history of hit %s: %w", hitID, err)
	}
	defer rows.Close()
	var out []TriageEvent
	for rows.Next() {
		var e TriageEvent
		var action string
		if err := rows.Scan(&e.ID, &e.HitID, &e.At, &e.Author, &action, &e.State, &e.Reason, &e.Assignee, &e.Note, &e.Pair); err != nil {
			return nil, fmt.Errorf("reading the history of hit %s: %w", hitID, err)
		}
		e.At, e.Action = e.At.UTC(), Action(action)
		out = append(out, e)
	}
	return out, rows.Err()
}

// How a hit is dismissed on which nobody decided by itself.
const (
	ByPair    = "pair"    // the pair is dismissed
	ByRenewal = "renewal" // it is on the unchanged renewal of a certificate whose hit is dismissed
)

// HitState is how a hit stands.
type HitState struct {
	HitID         string
	State         string
	Reason        string // of a dismissal
	Note          string // of the decision
	Since         time.Time
	Author        string // "" where nobody decided
	Assignee      string // "" for nobody
	Inherited     string // ByPair, ByRenewal, or "" where it was decided on the hit itself
	InheritedFrom string // the hit on which it was decided
	Earlier       string // of a changed renewal: the dismissed hit on the certificate before
	Changed       string // in what it differs from that, in words
}

// HitStates says how hits stand, by their ids; of an id that no hit has nothing.
func (s *Store) HitStates(ctx context.Context, ids []string) (map[string]HitState, error) {
	out := map[string]HitState{}
	for some := range slices.Chunk(ids, idsAtOnce) {
		decided, err := s.undecided(ctx, some, out)
		if err == nil && len(decided) > 0 {
			err = s.hitStates(ctx, decided, out)
		}
		if err != nil {
			return nil, fmt.Errorf("reading how hits stand: %w", err)
		}
	}
	return out, nil
}

// undecided puts out those hits against whom nobody has decided anything, which
// are most, and gives the ids of the others: the view hit_states, that knows of all,
// costs ten times as much to ask.
func (s *Store) undecided(ctx context.Context, ids []string, out map[string]HitState) (decided []string, err error) {
	rows, err := s.conn.Query(ctx, "SELECT id, found_at, against IN (SELECT against FROM hit_events) FROM hits FINAL WHERE id IN {ids:Array(String)}", clickhouse.Named("ids", ids))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		h := HitState{State: HitNew}
		var touched bool
		if err := rows.Scan(&h.HitID, &h.Since, &touched); err != nil {
			return nil, err
		}
		if touched {
			decided = append(decided, h.HitID)
			continue
		}
		h.Since = h.Since.UTC()
		out[h.HitID] = h
	}
	return decided, rows.Err()
}

func (s *Store) hitStates(ctx context.Context, ids []string, out map[string]HitState) error {
	rows, err := s.conn.Query(ctx, `SELECT hit_id, state, reason, note, since, author, assignee, inherited, inherited_from, earlier, changed
		FROM hit_states WHERE hit_id IN {ids:Array(String)}`, clickhouse.Named("ids", ids))
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var h HitState
		if err := rows.Scan(&h.HitID, &h.State, &h.Reason, &h.Note, &h.Since, &h.Author, &h.Assignee, &h.Inherited, &h.InheritedFrom, &h.Earlier, &h.Changed); err != nil {
			return err
		}
		h.Since = h.Since.UTC()
		out[h.HitID] = h
	}
	return rows.Err()
}

// Heirs counts the hits that are dismissed only because of decisions on these:
// further ones of their pairs, and those of unchanged renewals.
func (s *Store) Heirs(ctx context.Context, ids []string) (uint64, error) {
	total := uint64(0)
	for some := range slices.Chunk(ids, idsAtOnce) {
		var n uint64
		row := s.conn.QueryRow(ctx, `SELECT count() FROM hit_states WHERE NOT withdrawn AND inherited_from IN {ids:Array(String)} AND hit_id NOT IN {ids:Array(String)}`, clickhouse.Named("ids", some))
		if err := row.Scan(&n); err != nil {
			return 0, fmt.Errorf("counting the hits that follow: %w", err)
		}
		total += n
	}
	return total, nil
}
