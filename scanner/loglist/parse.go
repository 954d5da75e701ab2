package loglist

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"markwatch/scanner"
)

// Bounds of a list, some ten times what any list has.
const (
	MaxBytes    = 8 << 20
	maxLogs     = 4096
	maxProblems = 1000
	maxMMD      = 31 * 24 * time.Hour
)

// The written form. What can be wrong with one log alone is read log by log.
type (
	listJSON struct {
		Version   any               `json:"version"`
		Published any               `json:"log_list_timestamp"`
		All       bool              `json:"is_all_logs"`
		Operators []json.RawMessage `json:"operators"`
	}
	operatorJSON struct {
		Name  string            `json:"name"`
		Logs  []json.RawMessage `json:"logs"`
		Tiled []json.RawMessage `json:"tiled_logs"`
	}
	logJSON struct {
		Description string                     `json:"description"`
		ID          string                     `json:"log_id"`
		Key         string                     `json:"key"`
		URL         string                     `json:"url"`
		Submission  string                     `json:"submission_url"`
		Monitoring  string                     `json:"monitoring_url"`
		MMD         int64                      `json:"mmd"`
		State       map[string]json.RawMessage `json:"state"`
		Interval    *intervalJSON              `json:"temporal_interval"`
		Type        *string                    `json:"log_type"`
	}
	intervalJSON struct {
		Start time.Time `json:"start_inclusive"`
		End   time.Time `json:"end_exclusive"`
	}
	stateJSON struct {
		Timestamp time.Time  `json:"timestamp"`
		Final     *finalJSON `json:"final_tree_head"`
	}
	finalJSON struct {
		Size int64  `json:"tree_size"`
		Root string `json:"sha256_root_hash"`
	}
)

// Parse reads a list. An error means that none of it can be used.
func Parse(text []byte) (*List, error) {
	if len(text) > MaxBytes {
		return nil, fmt.Errorf("the log list has %d bytes, %d are the most", len(text), MaxBytes)
	}
	var j listJSON
	if err := json.Unmarshal(text, &j); err != nil {
		return nil, fmt.Errorf("reading the log list: %w", err)
	}
	if j.Operators == nil {
		return nil, errors.New("reading the log list: it has no operators, as lists of format v3 have")
	}
	r := &reader{list: &List{Version: shown(j.Version), All: j.All}, ids: map[scanner.Hash]string{}, urls: map[string]string{}, names: map[string]bool{}}
	if stamp, err := time.Parse(time.RFC3339, shown(j.Published)); err == nil {
		r.list.Published = stamp.UTC()
	}
	for i, raw := range j.Operators {
		if err := r.operator(i, raw); err != nil {
			return nil, err
		}
	}
	return r.list, nil
}

// shown is a text of the list; anything else is none.
func shown(v any) string {
	s, _ := v.(string)
	return printable(s)
}

// reader puts a list together.
type reader struct {
	list  *List
	seen  int                     // logs, sound or not
	ids   map[scanner.Hash]string // description by log id
	urls  map[string]string       // description by address
	names map[string]bool
}

// problem notes what can't be used; of very many the first are told.
func (r *reader) problem(name string, err error, leftOut bool) {
	if len(r.list.Problems) < maxProblems {
		r.list.Problems = append(r.list.Problems, Problem{name, err, leftOut})
	}
}

// operator reads the logs of one operator.
func (r *reader) operator(i int, raw json.RawMessage) error {
	var o operatorJSON
	if err := json.Unmarshal(raw, &o); err != nil {
		r.problem(fmt.Sprintf("all of operator %d", i+1), fmt.Errorf("reading the operator: %w", err), true)
		return nil
	}
	name := printable(o.Name)
	if name == "" {
		name = fmt.Sprintf("operator %d", i+1)
	}
	for _, list := range []struct {
		kind scanner.Type
		logs []json.RawMessage
	}{{scanner.RFC6962, o.Logs}, {scanner.Static, o.Tiled}} {
		if r.seen += len(list.logs); r.seen > maxLogs {
			return fmt.Errorf("reading the log list: it has more than %d logs", maxLogs)
		}
		for n, raw := range list.logs {
			r.log(list.kind, name, fmt.Sprintf("%d (%s) of %s", n+1, list.kind, name), raw)
		}
	}
	return nil
}

// log reads one log. place names it where it doesn't do so itself.
func (r *reader) log(kind scanner.Type, operator, place string, raw json.RawMessage) {
	var j logJSON
	if err := json.Unmarshal(raw, &j); err != nil {
		r.problem(firstOf(labelOf(raw), place), fmt.Errorf("reading it: %w", err), true)
		return
	}
	log, err := j.log(kind, operator)
	label := firstOf(log.Description, printable(log.Scan.URL), place)
	if err != nil {
		r.problem(label, err, true)
		return
	}
	if log.Description == "" {
		log.Description = label
	}
	id, address := log.Scan.ID(), addressOf(log.Scan.URL)
	switch {
	case r.ids[id] != "":
		r.problem(label, fmt.Errorf("its log_id %s is that of %s too", base64.StdEncoding.EncodeToString(id[:]), r.ids[id]), true)
		return
	case r.urls[address] != "":
		r.problem(label, fmt.Errorf("its address %s is that of %s too", log.Scan.URL, r.urls[address]), true)
		return
	}
	r.ids[id], r.urls[address] = label, label
	r.name(&log)
	r.list.Logs = append(r.list.Logs, log)
}

// labelOf names a log of which not everything can be read; "" if it can't.
func labelOf(raw json.RawMessage) string {
	var j struct {
		Description any `json:"description"`
		URL         any `json:"url"`
		Monitoring  any `json:"monitoring_url"`
	}
	if err := json.Unmarshal(raw, &j); err != nil {
		return ""
	}
	return firstOf(shown(j.Description), shown(j.URL), shown(j.Monitoring))
}

// name gives the log its short name, a longer one where another has that.
func (r *reader) name(log *Log) {
	name := ShortName(log.Description)
	if r.names[name] {
		id := log.Scan.ID()
		r.problem(log.Description, errors.New("another log of the list is called so too; its name is made longer by its log_id"), false)
		name = fmt.Sprintf("%s-%x", name, id[:4])
	}
	r.names[name] = true
	log.Scan.Name = name
}

// log checks what the list says of one log.
func (j *logJSON) log(kind scanner.Type, operator string) (Log, error) {
	log := Log{
		Description: printable(j.Description), Operator: operator, Submission: j.Submission,
		Scan: scanner.Log{Name: "listed", URL: j.Monitoring, Type: kind, MMD: time.Duration(j.MMD) * time.Second},
	}
	if kind == scanner.RFC6962 {
		log.Scan.URL, log.Submission = j.URL, j.URL
	}
	if most := int64(maxMMD / time.Second); j.MMD < 0 || j.MMD > most {
		return log, fmt.Errorf("its mmd is %d seconds, want 1 to %d", j.MMD, most)
	}
	for _, check := range []func(*Log) error{j.key, j.addresses, j.state, j.purpose, j.interval} {
		if err := check(&log); err != nil {
			return log, err
		}
	}
	return log, nil
}

// key reads the key and holds the id against it.
func (j *logJSON) key(log *Log) (err error) {
	if log.Scan.Key, err = base64.StdEncoding.DecodeString(j.Key); err != nil || len(log.Scan.Key) == 0 {
		return errors.New("its key is not base64 of a DER SubjectPublicKeyInfo")
	}
	id, err := base64.StdEncoding.DecodeString(j.ID)
	if err != nil || len(id) != len(scanner.Hash{}) {
		return errors.New("its log_id is not base64 of 32 bytes")
	}
	if got := log.Scan.ID(); got != scanner.Hash(id) {
		return fmt.Errorf("its log_id is %s, but its key's is %s", base64.StdEncoding.EncodeToString(id), base64.StdEncoding.EncodeToString(got[:]))
	}
	return nil
}

// addresses checks where the log is read and where it takes chains.
func (j *logJSON) addresses(log *Log) error {
	if log.Scan.Type == scanner.Static {
		submission, err := url.Parse(j.Submission)
		if err != nil || submission.Host == "" || submission.Scheme != "https" && submission.Scheme != "http" {
			return fmt.Errorf("its submission_url %q must be http:// or https:// with a host", printable(j.Submission))
		}
		log.Scan.Origin = strings.TrimRight(submission.Host+submission.Path, "/")
	}
	return withoutName(log.Scan.Validate())
}

// withoutName takes the stand-in's name out of an error of scanner.Log.
func withoutName(err error) error {
	if err == nil {
		return nil
	}
	return errors.New(printable(strings.TrimPrefix(err.Error(), "log listed: ")))
}

// state reads in which state the log is.
func (j *logJSON) state(log *Log) error {
	if len(j.State) > 1 {
		return fmt.Errorf("it is in %d states at once", len(j.State))
	}
	for name, raw := range j.State {
		if log.State = State(name); !slices.Contains(States(), log.State) {
			return fmt.Errorf("its state %q is none of %s", printable(name), joined(States()))
		}
		var s stateJSON
		if err := json.Unmarshal(raw, &s); err != nil {
			return fmt.Errorf("reading its state: %w", err)
		}
		log.Since = s.Timestamp.UTC()
		if s.Final != nil {
			root, err := base64.StdEncoding.DecodeString(s.Final.Root)
			if err != nil || len(root) != len(scanner.Hash{}) || s.Final.Size < 0 {
				return errors.New("its final_tree_head is not a size and base64 of 32 bytes")
			}
			log.Final = &Final{uint64(s.Final.Size), scanner.Hash(root)}
		}
	}
	return nil
}

// purpose reads what the log is for.
func (j *logJSON) purpose(log *Log) error {
	log.Type = Production
	if j.Type != nil {
		log.Type = Type(*j.Type)
	}
	if !slices.Contains(Types(), log.Type) {
		return fmt.Errorf("its log_type %q is none of %s", printable(string(log.Type)), joined(Types()))
	}
	return nil
}

// interval reads which certificates the log takes.
func (j *logJSON) interval(log *Log) error {
	if j.Interval == nil {
		return nil
	}
	if !j.Interval.Start.Before(j.Interval.End) {
		return fmt.Errorf("its temporal_interval ends at %s, not after it begins", j.Interval.End.UTC().Format(time.RFC3339))
	}
	log.Interval = &Interval{j.Interval.Start.UTC(), j.Interval.End.UTC()}
	return nil
}

// addressOf tells addresses apart: host names have no case, and a slash at the
// end means nothing.
func addressOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	return strings.ToLower(u.Host) + strings.TrimRight(u.Path, "/")
}

// joined lists what a text can be.
func joined[T ~string](of []T) string {
	words := make([]string, len(of))
	for i, w := range of {
		words[i] = string(w)
	}
	return strings.Join(words, ", ")
}

// firstOf is the first text that isn't empty.
func firstOf(texts ...string) string {
	i := slices.IndexFunc(texts, func(s string) bool { return s != "" })
	if i < 0 {
		return ""
	}
	return texts[i]
}
