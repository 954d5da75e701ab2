package lint

import (
	"strings"

	"markwatch/parse"
)

// reservedNames are the names that no one can own, each with all below it.
const reservedNames = " test example invalid localhost example.com example.net example.org local onion alt internal home.arpa "

// sanReserved asks for names that someone can own.
func sanReserved() Rule {
	return Rule{
		ID: "san-reserved", Severity: parse.SeverityError,
		Summary:  "no dNSName is reserved, as example.com and what is below .test are",
		Citation: "RFC 2606, RFC 6761, RFC 6762, RFC 7686, RFC 8375, RFC 9476; MCR 1.7 section 7.1.4.2.1",
		Check: func(c *Case) []string {
			return eachName(c, func(san *parse.SAN, _ []string) string {
				if of := reserved(san.Domain); of != "" {
					return "is of the reserved name " + of
				}
				return ""
			})
		},
	}
}

// reserved gives the reserved name that a domain is or is below; "" if none.
func reserved(domain string) string {
	for name := domain; name != ""; {
		if !strings.Contains(name, " ") && strings.Contains(reservedNames, " "+name+" ") {
			return name
		}
		_, name, _ = strings.Cut(name, ".")
	}
	return ""
}
