package organisation

import (
	"strings"
)

// The evidence that names need to look alike, as the sum of the weights of the words in common:
// a word that is in no list weighs 1, a common English one about a third. By measurement over
// ordinary and invented names; TestAccidents says how many of those look alike by accident.
const (
	enoughWhole    = 0.45 // all words that tell companies apart are in both, and one name adds what it does: "Quellmoor Payments"
	enoughConflict = 0.76 // and both say something else of what they do: "Quellmoor Bank", "Quellmoor Trading"
	enoughPart     = 0.85 // one name adds an ordinary word: "Quellmoor Rewards"
	enoughMixed    = 0.6  // both do: the share of what they have in common
)

// Shortest words that are compared by letter: below them only the same word counts.
const (
	minEdited = 5  // where the eye misses the edit
	minBeside = 6  // any letter but the first, beside another word that is the same
	minOther  = 8  // any letter but the first
	minEnds   = 9  // any letter
	maxEdited = 40 // beyond it too: no word is so long
	minBrand  = 7  // a word that is enough though another was added
)

// likeness is what two names have in common.
type likeness struct {
	same    bool    // the same words
	spelled bool    // in other letters, so that other words may be meant
	alike   bool    // one could be taken for the other
	score   float64 // 0 to 1
	reason  string
}

// compareNames takes the closest of all ways to read two names.
func compareNames(a, b *entity, w *Weights) likeness {
	best := likeness{score: -1}
	for i := range a.readings {
		for j := range b.readings {
			l := compareReadings(&a.readings[i], &b.readings[j], w)
			if how := closest(a.readings[i].how, b.readings[j].how); how != "" && l.alike {
				l = respelled(l, how, clip(a.party.Name)+", "+clip(b.party.Name))
			}
			if best.before(l) {
				best = l
			}
		}
	}
	return best
}

// before tells whether l is closer than best.
func (best likeness) before(l likeness) bool {
	if best.same != l.same {
		return l.same
	}
	if best.alike != l.alike {
		return l.alike
	}
	return l.score > best.score
}

// closest is the way of reading that has to be told, of those of two names.
func closest(a, b string) string {
	for _, how := range []string{asSeen, asSpelled, asElided, asParts} {
		if a == how || b == how {
			return how
		}
	}
	return ""
}

// respelled says of a likeness that it is one of other letters. Those that only look the same are
// never a name's own spelling.
func respelled(l likeness, how, names string) likeness {
	if l.reason != sameReason {
		how = l.reason + "; " + how
	}
	l.same = l.same && !strings.Contains(how, asSeen)
	l.spelled = true
	l.score *= 0.98
	l.reason = how + ": " + names
	return l
}

// sameReason is the reason of those that have the same words.
const sameReason = "the same name"

// compareReadings compares two names word by word.
func compareReadings(a, b *reading, w *Weights) likeness {
	if a.sameWords(*b) {
		return likeness{same: true, alike: true, score: 1, reason: sameReason}
	}
	m := align(a, b, w)
	return likeness{alike: m.enough(), score: m.score(), reason: m.reason()}
}

// enough tells whether what two names have in common is enough to take one for the other.
func (m *alignment) enough() bool {
	switch {
	case m.common == 0 || m.turned:
		return false
	case m.contains && m.left == [2]float64{}:
		return true
	case m.left == [2]float64{} && m.extra[0] > 0 && m.extra[1] > 0:
		return m.common >= enoughConflict
	case m.left == [2]float64{}:
		return m.common >= enoughWhole
	case m.edited || m.telling || !m.brand:
		return false
	case m.left[0] == 0 || m.left[1] == 0:
		return true
	}
	return m.score() >= enoughMixed
}

// score is the weight in common, of all.
func (m *alignment) score() float64 {
	common := 2 * (m.common + m.business)
	all := common + m.left[0] + m.left[1] + m.extra[0] + m.extra[1]
	if all == 0 {
		return 0
	}
	score := common / all
	if m.edited {
		score *= 0.95
	}
	return min(score, 0.99)
}

// reason says in words what two names have in common.
func (m *alignment) reason() string {
	if m.common == 0 {
		return "no word in common that tells companies apart"
	}
	notes := m.notes
	if len(m.shared) > 0 {
		word := "words"
		if len(m.shared) == 1 {
			word = "word"
		}
		if m.rarest >= enoughPart {
			word = "rare " + word
		} else if !m.enough() {
			word = "common " + word
		}
		notes = append(notes, "the same "+word+": "+clip(strings.Join(m.shared, " ")))
	}
	return strings.Join(notes, "; ")
}
