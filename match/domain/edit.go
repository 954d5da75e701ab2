package domain

import "unicode/utf8"

// far is the distance of labels that are further apart than anybody asks.
const far = 3

// distance counts the letters put in, left out, replaced or swapped with their neighbour that
// lead from a to b, up to two; more is [far].
func distance(a, b []rune) int {
	a, b = trimCommon(a, b)
	if len(a) > len(b) {
		a, b = b, a
	}
	switch {
	case len(b) == 0:
		return 0
	case len(b)-len(a) >= far:
		return far
	case len(a) == 0:
		return min(len(b), far)
	}
	return banded(a, b)
}

// banded is the distance by the matrix of optimal string alignment, of which only the
// diagonals can matter that are closer than far to the middle one.
func banded(a, b []rune) int {
	const width = 2*far + 1
	var before, row, next [width]int // of the last two rows and this one; diagonal d of row i is column i+d-far
	for d := range width {
		before[d], row[d] = far, min(max(d-far, 0), far)
		if d < far {
			row[d] = far
		}
	}
	for i := 1; i <= len(a); i++ {
		best := far
		for d := range width {
			j := i + d - far
			next[d] = far
			if j < 0 || j > len(b) {
				continue
			}
			next[d] = cell(a, b, i, j, d, &before, &row, &next)
			best = min(best, next[d])
		}
		if best == far {
			return far
		}
		before, row = row, next
	}
	return row[len(b)-len(a)+far]
}

// cell is one field of the matrix: the least of replacing, leaving out, putting in and swapping.
func cell(a, b []rune, i, j, d int, before, row, next *[2*far + 1]int) int {
	if j == 0 {
		return min(i, far)
	}
	least := row[d]
	if a[i-1] != b[j-1] {
		least++
	}
	if d+1 < len(row) {
		least = min(least, row[d+1]+1)
	}
	if d > 0 {
		least = min(least, next[d-1]+1)
	}
	if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
		least = min(least, before[d]+1)
	}
	return min(least, far)
}

// trimCommon cuts what two labels have in common at both ends.
func trimCommon(a, b []rune) ([]rune, []rune) {
	n := commonPrefix(a, b)
	a, b = a[n:], b[n:]
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	return a, b
}

// commonPrefix counts the runes with which both begin.
func commonPrefix(a, b []rune) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// changesOf lists where two labels differ, by a shortest way from a to b, at most eight.
func changesOf(a, b []rune) []Change {
	at := commonPrefix(a, b)
	ra, rb := trimCommon(a, b)
	const most = 48 // the matrix of longer ones isn't worth it
	if len(ra) == 0 && len(rb) == 0 {
		return nil
	}
	if len(ra) > most || len(rb) > most {
		return []Change{{At: at, From: string(ra), To: string(rb)}}
	}
	changes := trace(ra, rb, matrix(ra, rb))
	for i := range changes {
		changes[i].At += at
	}
	return changes[:min(len(changes), 8)]
}

// matrix is the whole matrix of optimal string alignment from the ends of a and b.
func matrix(a, b []rune) [][]int {
	m := make([][]int, len(a)+1)
	for i := len(a); i >= 0; i-- {
		m[i] = make([]int, len(b)+1)
		for j := len(b); j >= 0; j-- {
			switch {
			case i == len(a):
				m[i][j] = len(b) - j
				continue
			case j == len(b):
				m[i][j] = len(a) - i
				continue
			}
			least := m[i+1][j+1]
			if a[i] != b[j] {
				least++
			}
			least = min(least, m[i+1][j]+1, m[i][j+1]+1)
			if swapped(a, b, i, j) {
				least = min(least, m[i+2][j+2]+1)
			}
			m[i][j] = least
		}
	}
	return m
}

// swapped tells two neighbours that stand the other way round.
func swapped(a, b []rune, i, j int) bool {
	return i+1 < len(a) && j+1 < len(b) && a[i] == b[j+1] && a[i+1] == b[j] && a[i] != a[i+1]
}

// trace walks a matrix from the front, and joins neighbouring changes.
func trace(a, b []rune, m [][]int) []Change {
	var changes []Change
	for i, j := 0, 0; i < len(a) || j < len(b); {
		di, dj := step(a, b, m, i, j)
		if di != 1 || dj != 1 || a[i] != b[j] {
			changes = append(changes, Change{At: i, From: string(a[i : i+di]), To: string(b[j : j+dj])})
		}
		i, j = i+di, j+dj
	}
	return changes
}

// step is the next step of a shortest way.
func step(a, b []rune, m [][]int, i, j int) (di, dj int) {
	switch {
	case i == len(a):
		return 0, 1
	case j == len(b):
		return 1, 0
	case a[i] == b[j] && m[i][j] == m[i+1][j+1]:
		return 1, 1
	case swapped(a, b, i, j) && m[i][j] == m[i+2][j+2]+1:
		return 2, 2
	case m[i][j] == m[i+1][j+1]+1:
		return 1, 1
	case m[i][j] == m[i+1][j]+1:
		return 1, 0
	}
	return 0, 1
}

// joined puts together neighbouring changes of which one puts in or leaves out: vv for w is one change.
func joined(changes []Change) []Change {
	var together []Change
	for _, c := range changes {
		last := len(together) - 1
		if last >= 0 && together[last].At+utf8.RuneCountInString(together[last].From) == c.At &&
			(c.From == "" || c.To == "" || together[last].From == "" || together[last].To == "") {
			together[last].From += c.From
			together[last].To += c.To
			continue
		}
		together = append(together, c)
	}
	return together
}
