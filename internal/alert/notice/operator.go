package notice

import (
	"strings"
)

// alarmFacts are what a table says of an alarm.
func alarmFacts(a *Alarm) []Fact {
	facts := []Fact{{Name: "Alarm", Value: a.Kind}}
	add := func(name, value string) {
		if value != "" {
			facts = append(facts, Fact{Name: name, Value: value})
		}
	}
	add("Log", a.Log)
	add("Since", moment(a.Since))
	add("Over since", moment(a.Cleared))
	add("Evidence", a.Evidence)
	return facts
}

// summaryFacts are what a table says beside the logs.
func summaryFacts(m *Message) []Fact {
	s := m.Summary
	found := number(total(m))
	if words := countWords(m); words != "" {
		found += " (" + words + ")"
	}
	facts := []Fact{
		{Name: "New hits", Value: found},
		{Name: "Certificates", Value: number(s.Certificates) + " first logged in this time"},
		{Name: "Watched", Value: counted(s.Items, "item") + " in " + counted(s.Lists, "list")},
		{Name: "Open hits", Value: number(s.Open) + " that nobody has decided on"},
	}
	if s.Dead > 0 {
		facts = append(facts, Fact{Name: "Undelivered", Value: strings.Replace(counted(s.Dead, "delivery"), "deliverys", "deliveries", 1) + " given up: markwatch alerts deliveries"})
	}
	return facts
}

// alarmWords name an alarm in a line.
func alarmWords(a *Alarm) string {
	words := a.Kind
	if known := alarmKinds()[a.Kind]; known != "" {
		words = known
	}
	if a.Log != "" {
		words = a.Log + ": " + words
	}
	return words
}

// alarmKinds say in words what the kinds of alarms are; a kind that isn't here
// speaks for itself.
func alarmKinds() map[string]string {
	return map[string]string{
		"fork":       "two signed tree heads contradict each other",
		"signature":  "a tree head's signature is wrong",
		"blind":      "no tree head could be verified",
		"stuck":      "reading does not go on",
		"unreadable": "entries can't be read",
		"store":      "the store can't be written",
		"channel":    "a channel does not deliver",
		"roots":      "the accepted roots have changed",
	}
}

// heading says in a line what happened.
func heading(v *View) string {
	switch v.Kind {
	case KindAlarm:
		switch {
		case v.Alarm == nil:
			return "Alarm"
		case !v.Alarm.Cleared.IsZero():
			return "Over: " + alarmWords(v.Alarm)
		}
		return "Alarm: " + alarmWords(v.Alarm)
	case KindSummary:
		return "Still watching"
	case KindTest:
		return "This channel works"
	case KindStorm:
		return "Many at once"
	case KindDigest:
		return capital(strings.TrimSpace(rhythmWords(v.Rhythm) + " digest"))
	}
	if len(v.Message.Hits) == 1 {
		h := &v.Message.Hits[0]
		return organisationWords(h.Organisation, h.Country)
	}
	return v.Count
}

// rhythmWords is the adjective of a rhythm, "" for one that isn't known.
func rhythmWords(rhythm string) string {
	switch rhythm {
	case "hourly", "daily", "weekly":
		return rhythm
	}
	return ""
}

// unsubscribeAddress is an address for List-Unsubscribe that is safe to follow.
func unsubscribeAddress(s string) string {
	if strings.HasPrefix(s, "mailto:") && !strings.ContainsAny(s, "<>\" ") {
		return s
	}
	return webAddress(s)
}
