package notice

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

// Chats take one text and each reads another markup in it: Slack <!channel> and
// *bold*, Discord @everyone and [text](address), Teams HTML, Telegram its own.
// What markwatch says to them is plain: lines, dots for lists, addresses that
// stand alone. In what strangers wrote, each character that any of them takes for
// markup is replaced by its full-width twin, which reads the same, and what is
// like a domain stands between backticks, where none makes a link of it.

const (
	maxChat     = 1_490 // characters of title and body
	maxChatHits = 10    // of a digest
)

// twin maps what chats take for markup to what looks alike.
func twin(r rune) rune {
	switch r {
	case '<', '>', '@', '*', '_', '~', '[', ']', '|', '#', '\\':
		return r - '!' + '！'
	case '`':
		return 'ˋ'
	}
	return r
}

// scheme is what makes an address of a text.
var scheme = regexp.MustCompile(`(?i)([a-z][a-z0-9+.-]*):(//|[a-z0-9+])`)

// emoji is a picture's name in a chat.
var emoji = regexp.MustCompile(`:([a-z0-9+＿-]+):`)

// quiet is a stranger's text in which no chat finds markup, a mention or a link.
func quiet(s string, most int) string {
	s = clean(s, most)
	s = scheme.ReplaceAllString(s, "$1：$2")
	var b strings.Builder
	eachName(s, func(name string) { b.WriteString("`" + name + "`") }, func(text string) { b.WriteString(strings.Map(twin, text)) })
	return emoji.ReplaceAllString(b.String(), "：$1：")
}

// Chat is the message for a chat: a title and a body of fewer than 1,500
// characters together. A digest names the ten gravest hits, and says how many
// more there are and where.
func Chat(m *Message) (title, body string) {
	v := newView(m, nil)
	title = chatTitle(v)
	c := &chatText{left: maxChat - utf8.RuneCountInString(title)}
	switch m.Kind {
	case KindAlarm:
		c.alarm(v)
	case KindSummary:
		c.summary(v)
	case KindTest:
		c.line("A test by markwatch. It came the whole way that an alert takes. Nothing was found, and nothing is to be done.")
	case KindHit:
		c.hit(v)
	default:
		c.digest(v)
	}
	return title, strings.TrimSpace(c.b.String())
}

func chatTitle(v *View) string {
	who := ""
	if v.Who() != "" {
		who = quiet(v.Who(), 40) + ": "
	}
	switch v.Kind {
	case KindHit, KindDigest, KindStorm:
		if shown := v.Shown(); v.Kind == KindHit && len(shown) > 0 {
			h := &shown[0]
			return who + capital(quiet(string(h.Severity), 20)) + ": " + quiet(h.Name(), 60) + ", " + quiet(h.Against, 80)
		}
		return who + v.tally()
	}
	return "markwatch: " + quiet(v.Heading, 120)
}

// chatText is a body that keeps to its bound.
type chatText struct {
	b    strings.Builder
	left int // characters that may still come
}

// line adds a line, cut where it is too long.
func (c *chatText) line(s string) {
	if s == "" || c.left < 2 {
		return
	}
	s = short(s, c.left-1)
	c.left -= utf8.RuneCountInString(s) + 1
	c.b.WriteString(s + "\n")
}

// address adds a line that only helps whole.
func (c *chatText) address(s string) {
	if utf8.RuneCountInString(s) < c.left {
		c.line(s)
	}
}

func (c *chatText) hit(v *View) {
	for _, h := range v.Shown() {
		c.line(quiet(h.Sentence, 900))
		if h.Changed != "" {
			c.line("Renewal that differs: " + quiet(h.Changed, 200) + ".")
		}
		if h.Link != "" {
			c.address(h.Link)
		} else {
			c.line("Hit " + quiet(h.ID, 64))
		}
		if h.Evidence.RegisterURL != "" {
			c.address(webAddress(h.Evidence.RegisterURL))
		}
	}
}

func (c *chatText) digest(v *View) {
	c.line(v.Span)
	if v.Kind == KindStorm {
		c.line("So many hits at once are told together. None is left out.")
	}
	end := v.where()
	c.left -= utf8.RuneCountInString(end) + 60
	shown := v.Shown()
	named := 0
	for i, h := range shown {
		words := fmt.Sprintf("• %s: %s, %s", capital(string(h.Severity)), quiet(h.Name(), 50), quiet(h.Against, 60))
		if i == maxChatHits || utf8.RuneCountInString(words) >= c.left {
			break
		}
		c.line(words)
		named++
	}
	c.left += utf8.RuneCountInString(end) + 60
	if more := len(shown) - named + v.More; more > 0 {
		c.line("and " + number(more) + " more. All of them:")
	} else {
		c.line("All of them:")
	}
	c.address(end)
}

// where is Where for a chat.
func (v *View) where() string {
	if v.Link == "" {
		return "`" + strings.ReplaceAll(v.Where(), "`", "") + "`"
	}
	return v.Link
}

func (c *chatText) alarm(v *View) {
	if v.Alarm == nil {
		return
	}
	for line := range strings.Lines(v.Alarm.Text) {
		c.line(quiet(line, 800))
	}
	if v.Alarm.Evidence != "" {
		c.line("Evidence: " + quiet(v.Alarm.Evidence, 200))
	}
	if !v.Alarm.Since.IsZero() {
		c.line("Since " + moment(v.Alarm.Since))
	}
	c.address(v.Link)
}

func (c *chatText) summary(v *View) {
	c.line(v.Span)
	for _, f := range v.Facts {
		c.line("• " + f.Name + ": " + f.Value)
	}
	if v.Summary == nil {
		return
	}
	for i, l := range v.Summary.Logs {
		if i == maxChatHits {
			c.line("and " + counted(len(v.Summary.Logs)-i, "more log"))
			break
		}
		c.line("• " + quiet(l.Name, 40) + ": " + number(l.Read) + " of " + number(l.Size) + ", " + quiet(l.State, 60))
	}
	c.address(v.Link)
}
