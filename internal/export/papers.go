package export

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"markwatch/queries"
)

// dictionaryEntry explains one table or statistic.
type dictionaryEntry struct {
	Name        string             `json:"name"`
	Files       []string           `json:"files"`
	Title       string             `json:"title"`
	Question    string             `json:"question"`
	LeavesOut   string             `json:"leaves_out"`
	Denominator string             `json:"denominator,omitempty"`
	Params      map[string]string  `json:"params,omitempty"`
	Rows        uint64             `json:"rows"`
	Columns     []dictionaryColumn `json:"columns"`
}

// dictionaryColumn explains one column.
type dictionaryColumn struct {
	Name string `json:"name"`
	Type string `json:"type"` // ClickHouse's
	Help string `json:"help"`
}

func newDictionaryEntry(folder string, q queries.Query, params map[string]string, told *queries.Told) dictionaryEntry {
	name := folder + "/" + q.Name
	e := dictionaryEntry{
		Name: name, Files: []string{name + ".csv", name + ".parquet"}, Title: q.Title, Question: q.Question,
		LeavesOut: q.LeavesOut, Denominator: q.Denominator, Params: params, Rows: told.Rows,
	}
	for i, column := range told.Names {
		c := dictionaryColumn{Name: column, Type: told.Types[i]}
		if at := slices.IndexFunc(q.Columns, func(c queries.Column) bool { return c.Name == column }); at >= 0 {
			c.Help = q.Columns[at].Help
		}
		e.Columns = append(e.Columns, c)
	}
	return e
}

// writePapers writes what explains the data: dictionary, citation, licence, and
// where to begin.
func (w *writer) writePapers() error {
	w.say("dictionary")
	for _, paper := range []struct {
		name  string
		write func(io.Writer) error
	}{
		{"README.md", w.readme},
		{"DICTIONARY.md", w.dictionary},
		{"dictionary.json", w.dictionaryJSON},
		{"CITATION.cff", w.citation},
		{"LICENCE-DATA.md", w.licence},
	} {
		if _, err := w.create(paper.name, paper.write); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) dictionaryJSON(out io.Writer) error {
	e := json.NewEncoder(out)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	return e.Encode(w.words)
}

func (w *writer) dictionary(out io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# Data dictionary\n\nWhat was logged up to %s is counted. Times are UTC. A text that a certificate doesn't have is empty.\nIn CSV a list is a JSON array; Parquet has lists of its own.\n", w.manifest.AsOf)
	for _, e := range w.words {
		fmt.Fprintf(&b, "\n## %s\n\n%s: %s\n\nFiles: `%s`; %d rows.\n\nLeaves out: %s\n", e.Name, e.Title, e.Question, strings.Join(e.Files, "`, `"), e.Rows, e.LeavesOut)
		if e.Denominator != "" {
			fmt.Fprintf(&b, "\nDenominator: %s\n", e.Denominator)
		}
		for name, value := range e.Params { // one at most
			fmt.Fprintf(&b, "\nParameter: `%s` = `%s`\n", name, value)
		}
		b.WriteString("\n| column | type | meaning |\n|---|---|---|\n")
		for _, c := range e.Columns {
			fmt.Fprintf(&b, "| `%s` | %s | %s |\n", c.Name, c.Type, strings.ReplaceAll(c.Help, "|", `\|`))
		}
	}
	_, err := io.WriteString(out, b.String())
	return err
}

// citation is a CITATION.cff (Citation File Format 1.2.0).
func (w *writer) citation(out io.Writer) error {
	var logs []string
	for _, l := range w.manifest.Logs {
		logs = append(logs, l.Name)
	}
	day := w.snap.AsOf.Format("2006-01-02")
	text := "cff-version: 1.2.0\nmessage: Cite it with the SHA-256 of manifest.json, which names every file and the signed tree heads that it rests on.\ntype: dataset\n" +
		"title: " + quoteYAML("Mark certificates in Certificate Transparency logs, as of "+w.manifest.AsOf) + "\n" +
		"abstract: " + quoteYAML("Verified and Common Mark Certificates that were logged up to "+w.manifest.AsOf+" in: "+strings.Join(logs, ", ")+".") + "\n" +
		"authors:\n  - name: " + quoteYAML("markwatch "+w.manifest.Markwatch) + "\n" +
		"version: " + quoteYAML(w.manifest.AsOf) + "\n" +
		"date-released: " + quoteYAML(day) + "\n" +
		"keywords:\n  - Certificate Transparency\n  - BIMI\n  - Verified Mark Certificate\n  - Common Mark Certificate\n"
	_, err := io.WriteString(out, text)
	return err
}

// quoteYAML is s as a double-quoted YAML scalar, which JSON's strings are.
func quoteYAML(s string) string {
	text, err := json.Marshal(queries.Printable(s))
	if err != nil {
		return `""`
	}
	return string(text)
}

// licence says what of the data may be used, and how.
func (w *writer) licence(out io.Writer) error {
	_, err := io.WriteString(out, `# What this data is, and whose

- The tables and statistics state facts from public Certificate Transparency logs: what certificates say, when
  and where they were logged, and counts of these. Facts as such are nobody's property; whoever made this
  snapshot claims no right in them. In some countries a collection of facts is protected for its maker;
  as far as that is so, whoever made this snapshot says under which terms it may be used.
- The logos in svg/ are trademarks, and may be works, of the organisations that the certificates name. They are
  here as evidence of what was logged. Using one otherwise needs its owner's permission.
- Names and addresses are those of organisations, as their certificates publish them. Some belong to
  persons: mind the law on personal data where you are.
- That a certificate is listed says that it was logged. It doesn't say that its holder has a right to the mark,
  nor that two organisations with like logos have anything to do with each other.
`)
	return err
}

// readme says what is where and how to check it.
func (w *writer) readme(out io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, `# Mark certificates as of %s

What Certificate Transparency logs held of mark certificates (VMC and CMC) at that time, as markwatch %s read and
counted it. The same store gives the same bytes for the same time.

- tables/: certificates, marks, organisations and logos, as CSV and Parquet
- statistics/: the answers to the published queries, as CSV and Parquet
- svg/: each distinct logo, named by its SHA-256
- DICTIONARY.md, dictionary.json: what each column means, what each statistic leaves out, and its denominators
- manifest.json: the logs with their signed tree heads, the versions of the rules, and each file's SHA-256
- CITATION.cff, LICENCE-DATA.md: how to cite it, and what may be done with it

Check it with markwatch export --verify FOLDER, or by hand: sha256sum each file against manifest.json; each tree_head is
what the log answered to get-sth (RFC 6962, section 4.3), signed with the key beside it. Whoever cites the
snapshot cites the SHA-256 of manifest.json, which vouches for all the rest.

| log | entries read | of which mark certificates | malformed | tree head of | signed at |
|---|---:|---:|---:|---:|---|
`, w.manifest.AsOf, w.manifest.Markwatch)
	for _, l := range w.manifest.Logs {
		size, at := uint64(0), "never"
		if l.Head != nil {
			size, at = l.Head.Size, l.Head.Timestamp
		}
		fmt.Fprintf(&b, "| %s | %d | %d | %d | %d | %s |\n", l.Name, l.Read, l.MarkCertificates, l.Malformed, size, at)
	}
	_, err := io.WriteString(out, b.String())
	return err
}
