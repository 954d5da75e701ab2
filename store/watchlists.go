package store

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // zones of digests also where the system has none
	"unicode"
	"unicode/utf8"

	"github.com/ClickHouse/clickhouse-go/v2"

	"markwatch/match"
)

// Rhythm is how often the hits of a watch list are told.
type Rhythm string

// The rhythms.
const (
	AtOnce Rhythm = "at-once"
	Hourly Rhythm = "hourly"
	Daily  Rhythm = "daily"
	Weekly Rhythm = "weekly"
)

// Rhythms lists all, the swiftest first.
func Rhythms() []Rhythm { return []Rhythm{AtOnce, Hourly, Daily, Weekly} }

// defaultDigestAt is when a daily or weekly digest is made where nothing says
// when; a weekly one without a day on Mondays.
const defaultDigestAt = "08:00"

// WatchList is one version of what is set of a watch list.
type WatchList struct {
	Name       string
	Client     string
	Notes      string
	Colour     string   // "#rrggbb", lower case; "" where none is chosen
	Channels   []string // names of configured channels; none: the default ones
	Rhythm     Rhythm   // "": as it is configured for lists that don't say; AtOnce by default
	DigestAt   string   // "08:00", or for weekly digests "fri 08:00"; "" is 08:00, and Monday
	DigestZone string   // IANA name, such as Europe/London; "" is UTC
	FeedSecret string   // 32 hexadecimal digits in the address of its feed; "" for one that has no feed yet
	Version    uint64   // 0: nothing of it is set but, as the case may be, the secret
	Removed    bool
	Author     string
	ChangedAt  time.Time
}

// Check tells what can't be set so, and gives the rest the form in which it is
// kept; an empty rhythm becomes AtOnce.
func (l *WatchList) Check() error {
	var err error
	if l.Name, err = match.ListName(l.Name); err != nil {
		return err
	}
	l.Client, l.Notes = strings.Join(strings.Fields(l.Client), " "), match.CleanNotes(l.Notes)
	if !utf8.ValidString(l.Client) || len(l.Client) > 1000 || strings.ContainsFunc(l.Client, unicode.IsControl) {
		return errors.New("the client's name must be UTF-8 without control characters, of 1000 bytes at most")
	}
	if len(l.Notes) > maxNotes {
		return fmt.Errorf("the notes have more than %d bytes", maxNotes)
	}
	if l.Colour = strings.ToLower(strings.TrimSpace(l.Colour)); l.Colour != "" && (len(l.Colour) != 7 || l.Colour[0] != '#' || !isHex(l.Colour[1:])) {
		return fmt.Errorf("%q is no colour: write one such as #1f6f8b", l.Colour)
	}
	if err := l.checkChannels(); err != nil {
		return err
	}
	if l.Rhythm == "" {
		l.Rhythm = AtOnce
	}
	if !slices.Contains(Rhythms(), l.Rhythm) {
		return fmt.Errorf("there is no rhythm %q; there are: at-once, hourly, daily, weekly", l.Rhythm)
	}
	l.DigestAt, l.DigestZone = strings.ToLower(strings.Join(strings.Fields(l.DigestAt), " ")), strings.TrimSpace(l.DigestZone)
	if _, _, err := l.digest(); err != nil {
		return err
	}
	if l.FeedSecret != "" && (len(l.FeedSecret) != 32 || !isHex(l.FeedSecret)) {
		return errors.New("the secret of a feed's address is 32 hexadecimal digits")
	}
	return nil
}

// maxNotes bounds what is noted of a list.
const maxNotes = 100_000

func isHex(s string) bool { return strings.Trim(s, "0123456789abcdef") == "" }

func (l *WatchList) checkChannels() error {
	var channels []string
	for _, c := range l.Channels {
		if c == "" || len(c) > 100 || strings.Trim(c, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			return fmt.Errorf("%q is no name of a channel: these have small letters, digits and hyphens", c)
		}
		if !slices.Contains(channels, c) {
			channels = append(channels, c)
		}
	}
	l.Channels = channels
	return nil
}

// digest is when the digests of the list are made: the time of day and its zone,
// as a time of the year 1, whose first day is a Monday.
func (l *WatchList) digest() (time.Time, time.Weekday, error) {
	zone, err := time.LoadLocation(l.DigestZone)
	if err != nil || l.DigestZone == "Local" {
		return time.Time{}, 0, fmt.Errorf("there is no time zone %q: write one such as Europe/London, or UTC", l.DigestZone)
	}
	day, clock, hasDay := strings.Cut(l.DigestAt, " ")
	if !hasDay {
		day, clock = "mon", day
	}
	if clock == "" {
		clock = defaultDigestAt
	}
	weekday := slices.Index([]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}, day)
	at, err := time.ParseInLocation("15:04", clock, zone)
	if err != nil || weekday < 0 {
		return time.Time{}, 0, fmt.Errorf("%q is no time of a digest: write one such as 08:00 or, for a weekly one, fri 08:00", l.DigestAt)
	}
	return at, time.Weekday(weekday), nil
}

// Due is when what is found at a time is told: then, or with the next digest
// after it. A digest at an hour that the clocks leave out is made as much later.
func (l *WatchList) Due(found time.Time) time.Time {
	at, weekday, err := l.digest()
	if err != nil { // the store keeps none such
		return found
	}
	switch l.Rhythm {
	case Hourly:
		return found.Truncate(time.Hour).Add(time.Hour)
	case Daily, Weekly:
	default:
		return found
	}
	found = found.In(at.Location())
	for day := 0; ; day++ {
		due := time.Date(found.Year(), found.Month(), found.Day()+day, at.Hour(), at.Minute(), 0, 0, at.Location())
		if due.After(found) && (l.Rhythm == Daily || due.Weekday() == weekday) {
			return due
		}
	}
}

// NewFeedSecret makes a secret for the address of a feed.
func NewFeedSecret() string {
	var secret [16]byte
	_, _ = rand.Read(secret[:]) // it never fails
	return hex.EncodeToString(secret[:])
}

// listRow is a row of watch_lists.
type listRow struct {
	Name       string    `ch:"name"`
	Version    uint64    `ch:"version"`
	Client     string    `ch:"client"`
	Notes      string    `ch:"notes"`
	Colour     string    `ch:"colour"`
	Channels   []string  `ch:"channels"`
	Rhythm     string    `ch:"rhythm"`
	DigestAt   string    `ch:"digest_at"`
	DigestZone string    `ch:"digest_zone"`
	FeedSecret string    `ch:"feed_secret"`
	Removed    bool      `ch:"removed"`
	Author     string    `ch:"author"`
	ChangedAt  time.Time `ch:"changed_at"`
}

// SaveWatchLists appends a version of each list, which Check has seen. One that
// stays gets a secret for its feed where it has none.
func (s *Store) SaveWatchLists(ctx context.Context, lists []WatchList, author string) error {
	version, now, err := s.newVersion(ctx, "watch_lists")
	if err != nil {
		return err
	}
	rows := make([]*listRow, len(lists))
	for i, l := range lists {
		if l.FeedSecret == "" && !l.Removed {
			l.FeedSecret = NewFeedSecret()
		}
		rows[i] = &listRow{
			Name: l.Name, Version: version, Client: l.Client, Notes: l.Notes, Colour: l.Colour, Channels: l.Channels, Rhythm: string(l.Rhythm),
			DigestAt: l.DigestAt, DigestZone: l.DigestZone, FeedSecret: l.FeedSecret, Removed: l.Removed, Author: author, ChangedAt: now,
		}
	}
	return insert(ctx, s, "watch_lists", rows)
}

// WatchLists are the watch lists, by name: what is set of each, and of one that
// has items alone what holds without.
func (s *Store) WatchLists(ctx context.Context) ([]WatchList, error) {
	set, err := s.watchLists(ctx, "SELECT * FROM (SELECT * FROM watch_lists ORDER BY name, version DESC LIMIT 1 BY name) WHERE NOT removed ORDER BY name")
	if err != nil {
		return nil, err
	}
	unset, err := s.otherLists(ctx, set)
	if err != nil || len(unset) == 0 {
		return set, err
	}
	for some := range slices.Chunk(unset, 500) { // a parameter has to fit a request's head
		begun, err := s.watchLists(ctx, "SELECT list AS name, min(changed_at) AS changed_at FROM ("+itemsInForce("list, changed_at", "list IN {lists:Array(String)}")+") GROUP BY list",
			clickhouse.Named("lists", some))
		if err != nil {
			return nil, err
		}
		set = append(set, begun...)
	}
	slices.SortFunc(set, byName)
	return set, nil
}

// otherLists are those lists beside the known ones that items were ever in.
func (s *Store) otherLists(ctx context.Context, known []WatchList) ([]string, error) {
	names, err := s.texts(ctx, "reading the watch lists", "SELECT DISTINCT toString(list) FROM watch_items SETTINGS final = 0")
	return slices.DeleteFunc(names, func(name string) bool {
		_, found := slices.BinarySearchFunc(known, WatchList{Name: name}, byName)
		return found
	}), err
}

func byName(a, b WatchList) int { return strings.Compare(a.Name, b.Name) }

// WatchListHistory is every version of what was set of the watch lists, oldest first.
func (s *Store) WatchListHistory(ctx context.Context) ([]WatchList, error) {
	return s.watchLists(ctx, "SELECT * FROM watch_lists FINAL ORDER BY version, name")
}

// NamedChannels are the channels that a watch list names, or once named.
func (s *Store) NamedChannels(ctx context.Context) ([]string, error) {
	var names []string
	if err := s.conn.QueryRow(ctx, "SELECT arraySort(groupUniqArrayArray(channels)) FROM watch_lists SETTINGS final = 0").Scan(&names); err != nil {
		return nil, fmt.Errorf("reading the channels of watch lists: %w", err)
	}
	return names, nil
}

func (s *Store) watchLists(ctx context.Context, sql string, args ...any) ([]WatchList, error) {
	rows, err := s.conn.Query(ctx, sql, args...)
	if err != nil {
		return nil, fmt.Errorf("reading the watch lists: %w", err)
	}
	defer rows.Close()
	var out []WatchList
	for rows.Next() {
		var r listRow
		if err := rows.ScanStruct(&r); err != nil {
			return nil, fmt.Errorf("reading the watch lists: %w", err)
		}
		out = append(out, r.list())
	}
	return out, rows.Err()
}

// list is what a row says. One that was only begun has no version.
func (r *listRow) list() WatchList {
	l := WatchList{
		Name: r.Name, Client: r.Client, Notes: r.Notes, Colour: r.Colour, Channels: r.Channels, Rhythm: Rhythm(r.Rhythm),
		DigestAt: r.DigestAt, DigestZone: r.DigestZone, FeedSecret: r.FeedSecret, Version: r.Version, Removed: r.Removed, Author: r.Author, ChangedAt: r.ChangedAt,
	}
	if l.Client+l.Notes+l.Colour+string(l.Rhythm)+l.DigestAt+l.DigestZone == "" && len(l.Channels) == 0 {
		l.Version = 0
	}
	return l
}

// beginLists makes known the lists of items that are being added, so that each
// has an address for its feed.
func (s *Store) beginLists(ctx context.Context, items []match.Item, author string) error {
	rows, err := s.conn.Query(ctx, "SELECT name FROM (SELECT name, removed FROM watch_lists ORDER BY name, version DESC LIMIT 1 BY name) WHERE NOT removed")
	if err != nil {
		return fmt.Errorf("reading the watch lists: %w", err)
	}
	defer rows.Close()
	known := map[string]bool{}
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return fmt.Errorf("reading the watch lists: %w", err)
		}
		known[name] = true
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("reading the watch lists: %w", err)
	}
	var begun []WatchList
	for i := range items {
		if name := items[i].List; !known[name] {
			known[name] = true
			begun = append(begun, WatchList{Name: name})
		}
	}
	if len(begun) == 0 {
		return nil
	}
	return s.SaveWatchLists(ctx, begun, author)
}
