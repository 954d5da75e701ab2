package evidence

import (
	"bytes"
	"fmt"

	"markwatch/match/logo"
)

// Likeness is how alike two logos are, measured when the pack is made.
type Likeness struct {
	Copied    bool         // the two files are the same
	Verdict   logo.Verdict // None where the numbers tell nothing
	Score     float64      // 0 to 1, greater is closer
	Agreement string       // in what they agree, in words
	Distance  int          // of the hashes of what agrees: bits of 64
	Whole     int          // of the perception hashes of the whole pictures: bits of 64
	Problem   string       // why they couldn't be compared; "" if they were
}

// compare measures the two logos.
func (c *Case) compare() {
	a, b := c.Found.logo(), c.otherLogo()
	if a == nil || b == nil {
		return
	}
	c.Likeness = &Likeness{Copied: bytes.Equal(a, b)}
	if err := c.Likeness.measure(a, b); err != nil {
		c.Likeness.Problem = err.Error()
	}
}

func (l *Likeness) measure(a, b []byte) error {
	first, firstHashes, err := describe(a)
	if err != nil {
		return err
	}
	second, secondHashes, err := describe(b)
	if err != nil {
		return err
	}
	c := logo.Compare(first, second)
	l.Verdict, l.Score, l.Agreement, l.Distance = c.Verdict, c.Score, c.Reason, c.Distance
	l.Whole = logo.Distance(firstHashes.Perception, secondHashes.Perception)
	return nil
}

func describe(file []byte) (*logo.Descriptor, logo.Hashes, error) {
	picture, err := logo.Decode(file)
	if err != nil {
		return nil, logo.Hashes{}, err
	}
	hashes, err := logo.HashesOf(picture.Image)
	if err != nil {
		return nil, logo.Hashes{}, err
	}
	d, err := logo.Describe(picture.Image)
	return d, hashes, err
}

// words says the likeness in sentences.
func (l *Likeness) words() string {
	if l.Problem != "" {
		text := "The two logos could not be compared: " + l.Problem + "."
		if l.Copied {
			text = "The two files are the same, byte for byte. " + text
		}
		return text
	}
	text := fmt.Sprintf("The perception hashes of the two whole pictures differ in %d of 64 bits; those of unrelated pictures differ in about 32, and those of one picture in none. This measure alone sees no likeness through mirroring, turning, other margins or added words.", l.Whole)
	switch {
	case l.Copied:
		return "The two files are the same, byte for byte. " + text
	case l.Verdict == logo.None:
		return text + fmt.Sprintf(" The comparison of figures and outlines found no likeness: a score of %.2f on a scale from 0 to 1, where %.2f or more is a likeness.", l.Score, logo.MatchThreshold)
	}
	strength := "a likeness (the threshold is set where about one of 10,000 pairs of unrelated logos is expected to pass it)"
	if l.Verdict == logo.Strong {
		strength = "a strong likeness (the threshold is set where about one of 100,000 pairs of unrelated logos is expected to pass it)"
	}
	return text + fmt.Sprintf(" The comparison of figures and outlines found %s: a score of %.2f on a scale from 0 to 1. They agree in this: %s; the hashes of what agrees differ in %d of 64 bits.", strength, l.Score, l.Agreement, l.Distance)
}
