package evidence

import (
	"bytes"
	_ "embed" // the template
	"text/template"

	"markwatch/parse"
)

//go:embed verify.md.tmpl
var howToTemplate string

// howToFacts are what VERIFY.md says of one entry.
type howToFacts struct {
	Folder, Entry, Log, LogID, URL, Certificate, Root, LeafHash, TBSSHA256, SVGSHA256 string
	Index, Size                                                                       uint64
	Precertificate, Others, RSA                                                       bool
}

// howTo is VERIFY.md: how to check the pack with openssl and any language. It
// takes the first proved entry of the certificate for its example.
func howTo(c *Case, m *manifest) []byte {
	found := m.Issuances[0]
	facts := howToFacts{Folder: found.Folder, TBSSHA256: found.TBSSHA256, SVGSHA256: found.SVGSHA256, Others: len(m.Issuances) > 1 || len(found.Entries) > 1}
	for n, e := range found.Entries {
		if e.Unproved != "" {
			continue
		}
		facts.Entry, facts.Log, facts.LogID, facts.URL = e.Folder, printable(e.Log), e.LogID, printable(e.URL)
		facts.Certificate, facts.Precertificate = certificateName(e.Type), e.Type == parse.PrecertEntry.String()
		facts.Index, facts.Size, facts.Root, facts.LeafHash = e.Index, e.TreeSize, e.RootHash, e.LeafHash
		facts.RSA = len(c.Found.Entries[n].Head.Signature) > 1 && c.Found.Entries[n].Head.Signature[1] == 1
		break
	}
	var b bytes.Buffer
	if err := template.Must(template.New(howToName).Parse(howToTemplate)).Execute(&b, facts); err != nil {
		panic(err) // the template and its facts are ours; the tests run it
	}
	return b.Bytes()
}
