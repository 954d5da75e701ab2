package notice

import (
	"bytes"
	"embed"
	"encoding/base64"
	"errors"
	"fmt"
	htmltemplate "html/template"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	texttemplate "text/template"
)

// files are the built-in templates. subject.txt, layout.txt and layout.html are
// the forms of a message; the others are parts of the layouts, by kind.
//
//go:embed templates entry.html
var files embed.FS

// The templates that are executed.
const (
	subjectTemplate = "subject.txt"
	textTemplate    = "layout.txt"
	htmlTemplate    = "layout.html"
)

// Renderer writes messages by templates. It is safe for concurrent use.
type Renderer struct {
	own, builtIn *templates // own has what the operator changed
}

// templates is one set.
type templates struct {
	text *texttemplate.Template
	html *htmltemplate.Template
}

// NewRenderer reads the templates: the built-in ones, and in place of each the
// file of its name in templateDir, if there is one; "" is no folder. Each is
// tried on a message of every kind, so that a mistake is found here, with the
// file and the line, and not when something is to be sent.
func NewRenderer(templateDir string) (*Renderer, error) {
	builtIn, err := readTemplates("", "")
	if err != nil {
		return nil, err
	}
	r := &Renderer{own: builtIn, builtIn: builtIn}
	if templateDir == "" {
		return r, nil
	}
	if err := knownFiles(templateDir); err != nil {
		return nil, err
	}
	if r.own, err = readTemplates(templateDir, ""); err != nil {
		return nil, err
	}
	if err := openHTML(templateDir); err != nil {
		return nil, err
	}
	for _, m := range samples() {
		if err := r.own.try(m); err != nil {
			return nil, fmt.Errorf("trying the templates of %s on a %s message: %w", templateDir, m.Kind, err)
		}
	}
	return r, nil
}

// knownFiles refuses a template of another name: it would never be used.
func knownFiles(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("looking for templates: %w", err)
	}
	names := templateNames()
	for _, e := range entries {
		ext := filepath.Ext(e.Name())
		if (ext == ".html" || ext == ".txt") && !slices.Contains(names, e.Name()) {
			return fmt.Errorf("%s is no template; there are: %s", filepath.Join(dir, e.Name()), strings.Join(names, ", "))
		}
	}
	return nil
}

// templateNames are the files of templates.
func templateNames() []string {
	entries, err := fs.ReadDir(files, "templates")
	if err != nil { // it is embedded
		return nil
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// TemplateNames are the files that can be overridden, in order.
func (r *Renderer) TemplateNames() []string { return templateNames() }

// WriteTemplates writes the built-in templates into a folder, as a beginning
// for one's own. A file that is there already is left as it is, and is an error.
func (r *Renderer) WriteTemplates(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("writing the templates: %w", err)
	}
	for _, name := range templateNames() {
		text, err := fs.ReadFile(files, "templates/"+name)
		if err != nil {
			return fmt.Errorf("writing the templates: %w", err)
		}
		if err := writeNew(filepath.Join(dir, name), text); err != nil {
			return fmt.Errorf("writing the templates: %w", err)
		}
	}
	return nil
}

func writeNew(path string, text []byte) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	return errors.Join(err, f.Close())
}

// readTemplates parses all templates: each from dir if it is there, or only one
// of that name.
func readTemplates(dir, only string) (*templates, error) {
	t := &templates{
		text: texttemplate.New("").Funcs(texttemplate.FuncMap(functions())),
		html: htmltemplate.New("").Funcs(htmltemplate.FuncMap(functions())),
	}
	for _, name := range templateNames() {
		from := dir
		if only != "" && name != only {
			from = ""
		}
		text, path, err := readTemplate(from, name)
		if err != nil {
			return nil, fmt.Errorf("reading the template %s: %w", path, err)
		}
		if strings.HasSuffix(name, ".html") {
			_, err = t.html.New(name).Parse(text)
		} else {
			_, err = t.text.New(name).Parse(text)
		}
		if err != nil {
			return nil, fmt.Errorf("reading the template %s: %w", path, err)
		}
	}
	return t, nil
}

// maxTemplate bounds a template's file, in bytes.
const maxTemplate = 1 << 20

func readTemplate(dir, name string) (text, path string, err error) {
	if dir != "" {
		path = filepath.Join(dir, name)
		info, err := os.Stat(path)
		switch {
		case err == nil && info.Size() > maxTemplate:
			return "", path, fmt.Errorf("it has %d bytes; the most is %d", info.Size(), maxTemplate)
		case err == nil:
			own, err := os.ReadFile(path)
			return string(own), path, err
		case !errors.Is(err, fs.ErrNotExist):
			return "", path, err
		}
	}
	builtIn, err := fs.ReadFile(files, "templates/"+name)
	return string(builtIn), name, err
}

// functions are what templates can call beside Go's own.
func functions() map[string]any {
	return map[string]any{
		"row": row, "day": day, "moment": moment, "capital": capital, "number": anyNumber, "inert": inert, "breaks": breaks,
		"tint": tintOf, "short": func(most int, s string) string { return short(s, most) },
	}
}

// openHTML looks for HTML that one's own template leaves open, each among the
// built-in ones: found in the layout, another one would be blamed.
func openHTML(dir string) error {
	for _, name := range templateNames() {
		if !strings.HasSuffix(name, ".html") {
			continue
		}
		t, err := readTemplates(dir, name)
		if err != nil {
			return err
		}
		var open *htmltemplate.Error // with nil there are errors of other kinds, of no interest
		if err := t.html.ExecuteTemplate(io.Discard, name, nil); errors.As(err, &open) && open.ErrorCode != htmltemplate.ErrNoSuchTemplate {
			return fmt.Errorf("reading the template %s: %w", filepath.Join(dir, name), err)
		}
	}
	return nil
}

// try executes all forms of a message.
func (t *templates) try(m *Message) error {
	_, subject := t.subject(newView(m, nil))
	_, text := t.plain(m)
	_, html := t.page(m, nil)
	return errors.Join(subject, text, html)
}

// maxOutput bounds what a template writes, in bytes.
const maxOutput = 8 << 20

// bounded is a buffer that refuses to grow beyond maxOutput.
type bounded struct{ bytes.Buffer }

func (b *bounded) Write(p []byte) (int, error) {
	if b.Len()+len(p) > maxOutput {
		return 0, fmt.Errorf("the template writes more than %d bytes", maxOutput)
	}
	return b.Buffer.Write(p)
}

// maxSubject bounds a subject, in characters.
const maxSubject = 150

func (t *templates) subject(v *View) (string, error) {
	var b bounded
	if err := t.text.ExecuteTemplate(&b, subjectTemplate, v); err != nil {
		return "", err
	}
	subject := clean(b.String(), maxSubject)
	if subject == "" {
		return "", fmt.Errorf("the template %s wrote an empty subject", subjectTemplate)
	}
	return subject, nil
}

func (t *templates) plain(m *Message) (string, error) {
	v := newView(m, nil)
	v.Subject, _ = t.subject(v)
	var b bounded
	if err := t.text.ExecuteTemplate(&b, textTemplate, v); err != nil {
		return "", err
	}
	return wrap(b.String()), nil
}

func (t *templates) page(m *Message, cid func(string) string) (string, error) {
	v := newView(m, func(l *Logo) htmltemplate.URL { return logoAddress(l, cid) })
	v.Subject, _ = t.subject(v)
	var b bounded
	if err := t.html.ExecuteTemplate(&b, htmlTemplate, v); err != nil {
		return "", err
	}
	return b.String(), nil
}

// maxLogo bounds a picture, in bytes; 256 by 256 pixels take 256 KB at most.
const maxLogo = 512 << 10

// drawn tells whether there is a picture to show.
func (l *Logo) drawn() bool {
	return l != nil && len(l.PNG) <= maxLogo && bytes.HasPrefix(l.PNG, []byte("\x89PNG\r\n\x1a\n"))
}

// logoAddress is where the HTML finds a picture: a part of the mail, or itself.
func logoAddress(l *Logo, cid func(string) string) htmltemplate.URL {
	switch {
	case !l.drawn():
		return ""
	case cid == nil:
		return htmltemplate.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(l.PNG))
	}
	return htmltemplate.URL("cid:" + strings.TrimPrefix(cid(l.SHA256), "cid:"))
}

// Subject is the message's line in a list of messages: one line, with no
// character that a mail header could take for its end. Where a template fails
// at it, the built-in one speaks, and the error says what is wrong.
func (r *Renderer) Subject(m *Message) (string, error) {
	return fallBack(r, func(t *templates) (string, error) { return t.subject(newView(m, nil)) })
}

// Text is the message as plain text, in lines of 72 columns; only an address
// that is longer stands out. An error is as with Subject.
func (r *Renderer) Text(m *Message) (string, error) {
	return fallBack(r, func(t *templates) (string, error) { return t.plain(m) })
}

// HTML is the message as a mail, which loads nothing from anywhere. cid gives the
// Content-ID under which the mail holds the picture of a logo, by its SHA-256,
// with or without "cid:"; [Message.Logos] are those it is asked for. With nil
// the pictures stand in the HTML. An error is as with Subject.
func (r *Renderer) HTML(m *Message, cid func(logoSHA string) string) (string, error) {
	return fallBack(r, func(t *templates) (string, error) { return t.page(m, cid) })
}

// Page is the message as a page that stands alone. An error is as with Subject.
func (r *Renderer) Page(m *Message) (string, error) { return r.HTML(m, nil) }

// fallBack renders with the operator's templates, else with the built-in ones.
func fallBack(r *Renderer, render func(*templates) (string, error)) (string, error) {
	out, err := render(r.own)
	if err == nil {
		return out, nil
	}
	if r.own != r.builtIn {
		if out, second := render(r.builtIn); second == nil {
			return out, fmt.Errorf("rendering by one's own template, for which the built-in one stood in: %w", err)
		}
	}
	return "", fmt.Errorf("rendering a message: %w", err)
}

// Logos are the pictures that the HTML of the message shows, each once.
func (m *Message) Logos() []*Logo {
	var all []*Logo
	seen := map[string]bool{}
	for _, h := range newView(m, nil).Shown() {
		for _, l := range []*Logo{h.Logo, h.OtherLogo} {
			if l.drawn() && !seen[l.SHA256] {
				seen[l.SHA256] = true
				all = append(all, l)
			}
		}
	}
	return all
}
