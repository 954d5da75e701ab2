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
		"fork":       "it contradicts what it signed",
		"signature":  "its tree heads are not signed by its key",
		"blind":      "no tree head could be verified",
		"stuck":      "reading does not go on",
		"unreadable": "entries can't be read",
		"store":      "the store can't be written",
		"channel":    "a channel does not deliver",
		"roots":      "the accepted roots have changed",
		"loglist":    "the log list can't be had, or contradicts a log",
		"dead":       "a message was given up",
		"disabled":   "a channel is gone",
		"late":       "it merges entries later than it promised",

		"head-signature": "tree heads with a wrong signature",
		"head-future":    "tree heads from the future",
		"head-stale":     "old tree heads",
		"head-shrunk":    "tree heads that are smaller than before",
		"head-backwards": "tree heads older than one before",
	}
}

// unsubscribeAddress is an address for List-Unsubscribe that is safe to follow.
func unsubscribeAddress(s string) string {
	if strings.HasPrefix(s, "mailto:") && !strings.ContainsAny(s, "<>\" ") {
		return s
	}
	return webAddress(s)
}
