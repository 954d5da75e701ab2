package channel

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"log/slog"
	"net/mail"
	"net/url"
	"regexp"
	"strings"

	"github.com/emersion/go-msgauth/dkim"
	gomail "github.com/wneessen/go-mail"

	"markwatch/internal/alert/notice"
)

// letter writes messages as mail, RFC 5322 and 2046.
type letter struct {
	from *mail.Address
	to   []*mail.Address   // nil: nobody is named
	dkim *dkim.SignOptions // nil: unsigned
}

// write gives the mail with its headers. A template of the operator's that fails
// is told to log; the mail is then written by the built-in one.
func (l letter) write(m *notice.Message, r *notice.Renderer, log *slog.Logger) ([]byte, error) {
	pics := &pictures{domain: domainOf(l.from), ids: map[string]string{}}
	subject, err := usable(log, m, "subject")(r.Subject(m))
	if err != nil {
		return nil, err
	}
	text, err := usable(log, m, "text")(r.Text(m))
	if err != nil {
		return nil, err
	}
	html, err := usable(log, m, "HTML")(r.HTML(m, pics.url))
	if err != nil {
		return nil, err
	}
	msg := l.envelope(m)
	msg.Subject(oneLine(subject))
	msg.SetBodyString(gomail.TypeTextPlain, text)
	msg.AddAlternativeString(gomail.TypeTextHTML, html)
	if err := pics.embed(msg, m); err != nil {
		return nil, err
	}
	var raw bytes.Buffer
	if _, err := msg.WriteTo(&raw); err != nil {
		return nil, err
	}
	return l.sign(raw.Bytes())
}

// sign puts a DKIM signature before the mail. It is not left to go-mail, which
// signs a long list of headers in another form than it sends it in.
func (l letter) sign(raw []byte) ([]byte, error) {
	if l.dkim == nil {
		return raw, nil
	}
	var signed bytes.Buffer
	if err := dkim.Sign(&signed, bytes.NewReader(raw), l.dkim); err != nil {
		return nil, fmt.Errorf("signing: %w", err)
	}
	return signed.Bytes(), nil
}

// usable passes on what a renderer wrote, also beside an error, of which it then
// tells log.
func usable(log *slog.Logger, m *notice.Message, part string) func(string, error) (string, error) {
	return func(s string, err error) (string, error) {
		if err == nil {
			return s, nil
		}
		if s == "" {
			return "", fmt.Errorf("rendering the %s: %w", part, err)
		}
		log.Warn("a template failed, the built-in one is used", "part", part, "delivery", m.ID, "error", err)
		return s, nil
	}
}

// envelope is a mail without its body.
func (l letter) envelope(m *notice.Message) *gomail.Msg {
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent(), gomail.WithEncoding(gomail.EncodingQP))
	msg.FromMailAddress(l.from)
	if len(l.to) > 0 {
		msg.ToMailAddress(l.to...)
	}
	domain := domainOf(l.from)
	msg.SetDateWithValue(m.At)
	msg.SetMessageIDWithValue(idForm(m.ID) + "@" + domain)
	if m.Thread != "" {
		root := "<" + threadID(m.Thread) + "@" + domain + ">"
		msg.SetGenHeader(gomail.HeaderReferences, root)
		msg.SetGenHeader(gomail.HeaderInReplyTo, root)
	}
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834
	msg.SetGenHeader("X-Auto-Response-Suppress", "All")
	msg.SetGenHeader("X-Markwatch-Kind", oneLine(string(m.Kind)))
	if oneClick, ok := unsubscribable(m.Unsubscribe); ok {
		msg.SetListUnsubscribe(m.Unsubscribe)
		if oneClick {
			msg.SetListUnsubscribePost() // RFC 8058
		}
	}
	return msg
}

// unsubscribable tells whether an address can stand in List-Unsubscribe (RFC
// 2369), and whether a mail reader can unsubscribe there by itself.
func unsubscribable(address string) (oneClick, ok bool) {
	if strings.ContainsFunc(address, func(r rune) bool { return r <= ' ' || r > '~' || r == '<' || r == '>' }) {
		return false, false
	}
	u, err := url.Parse(address)
	if err != nil {
		return false, false
	}
	return u.Scheme == "https" && u.Host != "", u.Scheme == "mailto" && u.Opaque != "" || u.Scheme == "https" && u.Host != ""
}

// plainID is an id that can stand anywhere as it is.
var plainID = regexp.MustCompile(`^[A-Za-z0-9_-]{1,128}$`)

// idForm is a delivery's id where only letters and digits may stand.
func idForm(id string) string {
	if plainID.MatchString(id) {
		return id
	}
	return threadID(id)
}

// threadID names what can't be written out.
func threadID(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:16])
}

// pictures are the logos that the HTML of a mail shows.
type pictures struct {
	domain string
	shas   []string // in the order in which they are shown
	ids    map[string]string
}

// url is what the HTML names a logo by.
func (p *pictures) url(sha string) string {
	id, ok := p.ids[sha]
	if !ok {
		id = "logo-" + threadID(sha) + "@" + p.domain
		p.ids[sha] = id
		p.shas = append(p.shas, sha)
	}
	return "cid:" + id
}

// embed puts the logos into the mail.
func (p *pictures) embed(msg *gomail.Msg, m *notice.Message) error {
	pngs := map[string][]byte{}
	for _, h := range m.Hits {
		for _, logo := range []*notice.Logo{h.Logo, h.OtherLogo} {
			if logo != nil {
				pngs[logo.SHA256] = logo.PNG
			}
		}
	}
	for i, sha := range p.shas {
		if len(pngs[sha]) == 0 {
			continue
		}
		err := msg.EmbedReader(fmt.Sprintf("logo-%d.png", i+1), bytes.NewReader(pngs[sha]),
			gomail.WithFileContentType("image/png"), gomail.WithFileContentID("<"+p.ids[sha]+">"))
		if err != nil {
			return fmt.Errorf("embedding a logo: %w", err)
		}
	}
	return nil
}
