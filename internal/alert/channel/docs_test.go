package channel_test

import (
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/nicholas-fedor/shoutrrr/pkg/router"

	"markwatch/internal/alert/channel"
)

// TestDocs guards that each key has its row in the section of its kind, that the
// example is taken, and that each chat service is named.
func TestDocs(t *testing.T) {
	text, err := os.ReadFile("../../../docs/channels.md")
	if err != nil {
		t.Fatal(err)
	}
	doc := string(text)
	for title, of := range map[string]reflect.Type{
		"E-mail": reflect.TypeFor[channel.Email](), "Webhooks": reflect.TypeFor[channel.Webhook](), "Chats": reflect.TypeFor[channel.Chat](),
		"Hooks": reflect.TypeFor[channel.Hook](), "Files": reflect.TypeFor[channel.File](), "Syslog": reflect.TypeFor[channel.Syslog](),
	} {
		_, section, ok := strings.Cut(doc, "\n## "+title+"\n")
		if !ok {
			t.Errorf("no section %s", title)
			continue
		}
		section, _, _ = strings.Cut(section, "\n## ")
		for i := range of.NumField() {
			if key := of.Field(i).Tag.Get("yaml"); !strings.Contains(section, "`"+key+"`") {
				t.Errorf("%s: nothing of %s", title, key)
			}
		}
	}
	_, example, _ := strings.Cut(doc, "```yaml\nalert:\n")
	example, _, _ = strings.Cut(example, "```")
	c, err := parse(t, strings.ReplaceAll("\n"+example, "\n  ", "\n"))
	if err != nil || len(c.Email) != 1 || len(c.Syslog) != 1 {
		t.Errorf("the example: %v, %+v", err, c)
	}
	_, chats, _ := strings.Cut(doc, "\n## Chats\n")
	chats = strings.ToLower(strings.NewReplacer(" ", "", ".", "", "\n", "").Replace(chats))
	for _, service := range (&router.ServiceRouter{}).ListServices() {
		if service != "hangouts" && !strings.Contains(chats, service) { // the old name of Google Chat
			t.Errorf("nothing of the service %s", service)
		}
	}
}
