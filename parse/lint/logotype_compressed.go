package lint

import "markwatch/parse"

// logotypeCompressed asks for a logo that is compressed, as readers of mark certificates expect it.
func logotypeCompressed() Rule {
	return Rule{
		ID: "logotype-compressed", Severity: parse.SeverityWarning,
		Summary:  "the logo is compressed with gzip",
		Citation: "MCR 1.7 section 7.1.2.3, logotype; RFC 9399 section 4.2",
		Check: func(c *Case) []string {
			if l := c.Mark.Logo; l != nil && l.SVG != nil && l.CompressedSize == 0 {
				return one("its %d bytes aren't compressed", len(l.SVG))
			}
			return nil
		},
	}
}
