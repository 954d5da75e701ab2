package lint

import (
	"fmt"
	"strings"

	"markwatch/parse"
)

// maxNames bounds how many names of a certificate are judged; real ones have a dozen.
const maxNames = 2000

// maxName is the longest name that DNS can hold. Longer ones are told of by san-syntax alone.
const maxName = 253

// eachName calls judge with each dNSName of a certificate, and gives what it says of them.
func eachName(c *Case, judge func(san *parse.SAN, labels []string) string) []string {
	var out []string
	for i := range min(len(c.Mark.SANs), maxNames) {
		san := &c.Mark.SANs[i]
		if len(san.Raw) > maxName {
			continue
		}
		if why := judge(san, strings.Split(san.Raw, ".")); why != "" {
			out = append(out, quote(san.Raw)+" "+why)
		}
	}
	return few(out)
}

// maxDetails is how many details of one rule a certificate gets.
const maxDetails = 20

// few cuts a list of details that is long, and says so.
func few(details []string) []string {
	if len(details) > maxDetails {
		return append(details[:maxDetails], fmt.Sprintf("and %d more", len(details)-maxDetails))
	}
	return details
}
