package lint

import (
	"net/url"
	"strings"

	"markwatch/parse"
)

// archives are the hosts of public archives of the web.
const archives = " web.archive.org archive.org www.archive.org archive.today archive.ph archive.is archive.li archive.md archive.vn archive.fo perma.cc arquivo.pt www.webarchive.org.uk webarchive.nationalarchives.gov.uk "

// priorUseArchive asks that the source can still be looked at: that it is a page in an archive,
// which shows what was there at a date.
func priorUseArchive() Rule {
	return Rule{
		ID: "prior-use-archive", Severity: parse.SeverityWarning,
		Summary:  "priorUseMarkSourceURL is the address of a page in a public archive of the web",
		Citation: "MCR 1.7 section 7.1.4.2.2, priorUseMarkSourceURL",
		From:     priorUseDate(),
		Check: func(c *Case) []string {
			if !isPriorUse(c.Mark) || c.Mark.PriorUseURL == "" {
				return nil
			}
			u, err := url.Parse(c.Mark.PriorUseURL)
			switch {
			case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
				return one("%s is no address", quote(c.Mark.PriorUseURL))
			case !strings.Contains(archives, " "+strings.ToLower(u.Hostname())+" "):
				return one("%s is on %s, which isn't a known archive", quote(c.Mark.PriorUseURL), quote(u.Hostname()))
			}
			return nil
		},
	}
}
