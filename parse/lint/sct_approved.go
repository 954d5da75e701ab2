package lint

import (
	"encoding/base64"
	"slices"
	"strings"

	"markwatch/parse"
)

// ApprovedLogs gives the ids of the logs approved for mark certificates: Gorgon alone, as of
// January 2026 (list of approved logs, BIMI Group).
func ApprovedLogs() [][32]byte {
	return decodeAll("555953ae309600806cd2eb5208a6c99e931828ac1056b4421c5536154c5f75ac")
}

// sctApproved asks that one of the timestamps is by an approved log.
func sctApproved() Rule {
	return Rule{
		ID: "sct-approved-log", Severity: parse.SeverityError,
		Summary:  "one of its timestamps is by a log approved for mark certificates",
		Citation: "MCR 1.7 section 7.1.2.3; BIMI Group, approved CT logs",
		From:     generalIssuance(),
		Check: func(c *Case) []string {
			if len(c.Mark.SCTs) == 0 {
				return nil
			}
			var ids []string
			for i := range c.Mark.SCTs {
				id := c.Mark.SCTs[i].LogID
				if slices.Contains(c.Logs, id) {
					return nil
				}
				if len(ids) < maxDetails {
					ids = append(ids, base64.StdEncoding.EncodeToString(id[:]))
				}
			}
			return one("they are by %s", strings.Join(ids, ", "))
		},
	}
}
