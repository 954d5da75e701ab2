package twist

import "strings"

// neighbours are the keys around a key on the layouts QWERTY, QWERTZ and AZERTY.
func neighbours(c byte) string {
	rows := [3][4]string{
		{"1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm"},
		{"1234567890", "qwertzuiop", "asdfghjkl", "yxcvbnm"},
		{"1234567890", "azertyuiop", "qsdfghjklm", "wxcvbn"},
	}
	var around []byte
	for _, layout := range rows {
		for row, keys := range layout {
			if column := strings.IndexByte(keys, c); column >= 0 {
				around = append(around, touching(layout, row, column)...)
			}
		}
	}
	return unique(around)
}

// touching are the keys that touch the one at a row and column: each row stands half a
// key to the right of the one above.
func touching(layout [4]string, row, column int) []byte {
	var keys []byte
	for _, at := range [6][2]int{{row, column - 1}, {row, column + 1}, {row - 1, column}, {row - 1, column + 1}, {row + 1, column - 1}, {row + 1, column}} {
		if r, c := at[0], at[1]; r >= 0 && r < len(layout) && c >= 0 && c < len(layout[r]) {
			keys = append(keys, layout[r][c])
		}
	}
	return keys
}

// unique leaves out repeated bytes.
func unique(keys []byte) string {
	var b strings.Builder
	for i, k := range keys {
		if strings.IndexByte(string(keys[:i]), k) < 0 {
			b.WriteByte(k)
		}
	}
	return b.String()
}
