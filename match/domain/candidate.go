package domain

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Bounds on what is looked at in one name: more is hostile.
const (
	maxTokens = 12 // of a label, between hyphens
	maxRun    = 4  // tokens that are taken together
	maxSubs   = 12 // labels left of the registrable domain
	maxDots   = 3  // dots that may cut a name
)

// candidate is a name that is compared with watched ones.
type candidate struct {
	Name
	main  part   // the label left of the public suffix
	subs  []part // the labels left of that, the nearest first
	lured bool   // a word that lures is somewhere in the name
}

// part is one label of a candidate.
type part struct {
	form
	runs []run    // of tokens, where there are hyphens
	core []string // what is left without the lures, where there are any

	luring bool // a token, or an end, is a word that lures
}

// run is some neighbouring tokens of a label.
type run struct {
	joined, letters, skeleton string
	rest                      []string // the other tokens
}

// newCandidate takes apart what is compared.
func newCandidate(n Name) *candidate {
	c := &candidate{Name: n}
	if n.Label == "" {
		return c
	}
	c.main = newPart(n.Label)
	for _, sub := range slices.Backward(n.Sub) {
		if len(c.subs) == maxSubs {
			break
		}
		c.subs = append(c.subs, newPart(sub))
	}
	c.lured = c.main.luring || slices.ContainsFunc(c.subs, func(p part) bool { return p.luring })
	return c
}

// newPart takes a label apart.
func newPart(label string) part {
	p := part{form: newForm(label)}
	tokens := tokensOf(p.plain)
	tokens = tokens[:min(len(tokens), maxTokens)]
	if len(tokens) > 1 {
		for i := range tokens {
			for j := i + 1; j <= min(len(tokens), i+maxRun); j++ {
				if j-i < len(tokens) {
					p.runs = append(p.runs, newRun(tokens, i, j))
				}
			}
		}
	}
	p.core = coresOf(p.joined, tokens)
	p.luring = len(p.core) > 0 || slices.ContainsFunc(tokens, func(t string) bool { return classOf(t) == generic })
	return p
}

// newRun joins the tokens [i, j).
func newRun(tokens []string, i, j int) run {
	r := run{joined: strings.Join(tokens[i:j], "")}
	r.letters = mapRunes(r.joined, letterOf)
	r.skeleton = skeletonOf(r.letters)
	r.rest = append(append(r.rest, tokens[:i]...), tokens[j:]...)
	return r
}

// coresOf gives what may be a misspelt name in a label that holds a lure: the tokens
// beside the lure, or what stands before or after one that is written together with it.
func coresOf(joined string, tokens []string) []string {
	const shortest = 6 // letters of a name that is sought misspelt
	var cores []string
	if len(tokens) > 1 && slices.ContainsFunc(tokens, func(t string) bool { return classOf(t) == generic }) {
		for _, t := range tokens {
			if len(t) >= shortest && classOf(t) != generic {
				cores = append(cores, t)
			}
		}
		return cores
	}
	for size := 3; size <= min(len(joined)-shortest, longestWord); size++ {
		if !utf8.RuneStart(joined[size]) {
			continue
		}
		if classOf(joined[:size]) == generic {
			cores = append(cores, joined[size:])
		}
		if end := len(joined) - size; utf8.RuneStart(joined[end]) && classOf(joined[end:]) == generic {
			cores = append(cores, joined[:end])
		}
	}
	return cores
}

// found is a watched name inside a label.
type found struct {
	part  string   // as it stands there
	words []string // that lure, beside it
	kind  string
	sure  bool // set off by hyphens, or beside words that lure
	edits int
}

// within looks for a watched name among the tokens of a label, then inside it, then misspelt
// beside a lure. How little is enough depends on how rare the name is.
func within(w *form, p *part) (found, bool) {
	if w.size < 4 || w.class == generic || w.count > p.count {
		return found{}, false
	}
	if f, ok := amongTokens(w, p); ok {
		return f, true
	}
	if f, ok := inside(w, p); ok {
		return f, true
	}
	return misspelt(w, p)
}

// amongTokens looks for a name between hyphens.
func amongTokens(w *form, p *part) (found, bool) {
	for i := range p.runs {
		r := &p.runs[i]
		same := r.letters == w.letters || r.skeleton == w.skeleton
		if !same || w.size == 4 && r.joined != w.joined {
			continue
		}
		f := found{part: r.joined, kind: "with another word", sure: true}
		for _, t := range r.rest {
			words, _ := segment(t)
			f.words = append(f.words, words...)
		}
		if len(f.words) > 0 {
			f.kind = "with words that lure"
		}
		if !luredEnough(w, f.words, strings.Join(r.rest, "")) {
			continue
		}
		if r.joined != w.joined {
			f.kind += ", in look-alike letters"
		}
		return f, true
	}
	return found{}, false
}

// inside looks for a name in the middle of a label.
func inside(w *form, p *part) (found, bool) {
	if min(w.size, w.count) < innerShortest {
		return found{}, false
	}
	for from := 0; ; {
		i := strings.Index(p.letters[from:], w.letters)
		if i < 0 {
			return found{}, false
		}
		i += from
		if f, ok := insideAt(w, p, i); ok {
			return f, true
		}
		_, step := utf8.DecodeRuneInString(p.letters[i:])
		from = i + step
	}
}

// insideAt judges what stands before and after a name inside a label.
func insideAt(w *form, p *part, i int) (found, bool) {
	joined := []rune(p.joined) // as many runes as letters
	start := utf8.RuneCountInString(p.letters[:i])
	end := start + utf8.RuneCountInString(w.letters)
	f := found{part: string(joined[start:end]), kind: "inside another name"}
	all := true
	for _, rest := range []string{string(joined[:start]), string(joined[end:])} {
		if rest == "" {
			continue
		}
		words, ok := segment(rest)
		f.words = append(f.words, words...)
		all = all && ok
	}
	if start == 0 && end == len(joined) || p.hyphenWithin(start, end) && !strings.Contains(p.plain, w.plain) {
		return found{}, false
	}
	f.sure = all && len(f.words) > 0
	if f.sure {
		f.kind = "with words that lure"
	}
	switch {
	case w.class >= known:
		rest := string(joined[:start]) + string(joined[end:])
		return f, f.sure && luredEnough(w, f.words, rest) && rest != "es" // a country, but oftener a plural
	case w.class == heard:
		return f, f.sure
	case w.size < 7:
		return f, all
	}
	return f, true
}

// hyphenWithin tells whether a hyphen stands among the letters [start, end) of the joined label.
func (p *part) hyphenWithin(start, end int) bool {
	letters := 0
	for _, r := range p.plain {
		if r != '-' && r != '_' {
			letters++
		} else if letters > start && letters < end {
			return true
		}
	}
	return false
}

// luredEnough tells whether what stands beside a name between hyphens is enough to suspect it:
// anything beside a rare name, a word that lures beside one that people know, and beside an
// ordinary word at least as much that lures as doesn't.
func luredEnough(w *form, words []string, rest string) bool {
	letters := 0
	for _, word := range words {
		letters += len(word)
	}
	switch {
	case w.class >= known:
		return letters > 0 && 2*letters >= len(rest)
	case w.class == heard:
		return letters > 0
	}
	return true
}

// misspelt looks for a name that is one letter off, beside a lure.
func misspelt(w *form, p *part) (found, bool) {
	if w.size < 6 || w.class >= common {
		return found{}, false
	}
	for _, core := range p.core {
		if classOf(core) >= heard {
			continue
		}
		if distance([]rune(w.letters), []rune(mapRunes(core, letterOf))) == 1 {
			words, _ := segment(strings.Replace(p.joined, core, "", 1))
			return found{part: core, words: words, kind: "misspelt, with words that lure", sure: true, edits: 1}, true
		}
	}
	return found{}, false
}
