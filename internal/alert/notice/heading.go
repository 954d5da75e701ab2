package notice

import "strings"

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
	return "Hits"
}

// rhythmWords is the adjective of a rhythm, "" for one that isn't known.
func rhythmWords(rhythm string) string {
	switch rhythm {
	case "hourly", "daily", "weekly":
		return rhythm
	}
	return ""
}

// line is the message in a line, for forms without templates.
func (v *View) line() string {
	who := ""
	if v.Who() != "" {
		who = short(v.Who(), 40) + ": "
	}
	switch v.Kind {
	case KindHit, KindDigest, KindStorm:
		if shown := v.Shown(); v.Kind == KindHit && len(shown) > 0 {
			h := &shown[0]
			return short(who+capital(string(h.Severity))+": "+short(h.Name(), 60)+", "+h.Against, maxSubject)
		}
		return short(who+v.tally(), maxSubject)
	}
	return short("markwatch: "+v.Heading, maxSubject)
}

// tally says how many hits a digest has, and how grave they are.
func (v *View) tally() string {
	if v.Counted == "" {
		return v.Heading + ": " + v.Count
	}
	return v.Heading + ": " + v.Count + " (" + v.Counted + ")"
}
