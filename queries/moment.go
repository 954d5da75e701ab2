package queries

import (
	"fmt"
	"time"
)

// Parse reads a query that isn't published: the text of a .sql file of the
// form of those that are.
func Parse(name, text string) (Query, error) { return parse(name, text) }

// Moment reads a time as parameters of queries are read: the last millisecond
// of the day, minute or second that value names. One that isn't over by now is
// an error: what will be logged by then isn't known.
func Moment(value string, now time.Time) (time.Time, error) {
	begin, span, err := parseTime(value)
	if err != nil {
		return time.Time{}, err
	}
	end := begin.Add(span - time.Millisecond).UTC()
	switch now = now.UTC(); {
	case begin.After(now):
		return end, fmt.Errorf("%s is in the future: what will be logged by then isn't known yet; now is %s", value, now.Format(time.RFC3339))
	case end.After(now) && span > time.Second:
		return end, fmt.Errorf("%s isn't over yet (UTC): name a time up to now, which is %s", value, now.Format(time.RFC3339))
	}
	return end, nil
}
