package channel_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"

	"markwatch/internal/alert/channel"
)

// parse reads a configuration as the configuration file is read.
func parse(t *testing.T, text string) (channel.Config, error) {
	t.Helper()
	var c channel.Config
	err := yaml.NewDecoder(strings.NewReader(text), yaml.Strict()).Decode(&c)
	return c, err
}

// TestConfig guards that every key of the configuration file is taken, and the
// names that channels have.
func TestConfig(t *testing.T) {
	dir := t.TempDir()
	secret := write(t, "secret", "\n"+string(secretOf("a"))+"\n")
	c, err := parse(t, `
email: {smtp: "smtp://alerts%40watch.example@mail.example.com", from: "Mark Watch <alerts@watch.example>", to: [counsel@example.com], password_file: `+secret+`, timeout: 20s}
webhooks:
  - {name: soar, url: https://soar.example.com/in, secret_file: `+secret+`, timeout: 5s, format: stix}
  - {url: http://127.0.0.1:8080/in, secret: `+string(secretOf("b"))+`, previous_secret_file: `+secret+`, allow_private: true, proxy: "http://proxy.example.com:3128"}
chats:
  - {name: team, url: "slack://hook:T00000000-B00000000-XXXXXXXXXXXXXXXXXXXXXXXX@webhook"}
  - {url: "ntfy://ntfy.example.com/marks", timeout: 5s}
hooks:
  - {command: [/bin/sh, -c, "exit 0"], timeout: 60s}
files:
  - {name: misp, format: misp, dir: `+dir+`}
  - {format: eml, dir: `+filepath.Join(dir, "new")+`}
syslog:
  - {address: "udp://siem.example.com:514", facility: local3}
  - {name: siem, address: "tls://siem.example.com"}
`)
	if err != nil {
		t.Fatal(err)
	}
	all, err := c.Open(renderer(t), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, ch := range all {
		got = append(got, ch.Kind()+" "+ch.Name())
	}
	want := []string{"email email", "webhook soar", "webhook webhook-2", "chat team", "chat chat-2", "hook hook-1", "file misp", "file file-2", "syslog syslog-1", "syslog siem"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if _, err := os.Stat(filepath.Join(dir, "new")); err == nil {
		t.Error("a folder was made before it is needed")
	}
}

// TestConfigEmails guards that e-mail can be a list, and that an unknown key is
// an error in both forms.
func TestConfigEmails(t *testing.T) {
	const good = `{smtp: "smtp://mail.example.com", from: a@watch.example, to: [b@example.com]}`
	c, err := parse(t, "email: ["+good+", "+good+"]")
	if err != nil || len(c.Email) != 2 {
		t.Fatalf("%v, %d", err, len(c.Email))
	}
	all, err := c.Open(renderer(t), slog.New(slog.DiscardHandler))
	if err != nil || all[0].Name() != "email" || all[1].Name() != "email-2" {
		t.Errorf("%v, %v", err, all)
	}
	for _, text := range []string{"email: {smpt: x}", "email: [{smpt: x}]", "webhooks: [{link: x}]", "emails: {}"} {
		if _, err := parse(t, text); err == nil {
			t.Errorf("%s is taken", text)
		}
	}
}

// TestConfigErrors guards that what can't be used is refused before anything is
// sent, with the key and how to mend it, and that no error tells a secret.
func TestConfigErrors(t *testing.T) {
	const (
		mail   = `smtp: "smtp://mail.example.com", from: a@watch.example, to: [b@example.com]`
		secret = `T0PSECRET`
	)
	empty := write(t, "empty", " \n")
	file := write(t, "file", "x")
	for _, c := range []struct{ text, want string }{
		{`email: {from: a@watch.example, to: [b@example.com]}`, "alert.email 1 (email): smtp is missing: write it as smtp://"},
		{`email: {smtp: "imap://u:T0PSECRET@x", from: a@watch.example, to: [b@example.com]}`, "smtp can't be read"},
		{`email: {smtp: "smtp://u@v@ [x:T0PSECRET", from: a@watch.example, to: [b@example.com]}`, "smtp can't be read"},
		{`email: {smtp: "smtp://u@x", from: a@watch.example, to: [b@example.com]}`, "set password_file"},
		{`email: {smtp: "smtp://x", password: T0PSECRET, from: a@watch.example, to: [b@example.com]}`, "names no user"},
		{`email: {smtp: "smtp://u:T0PSECRET@x", password: T0PSECRET, from: a@watch.example, to: [b@example.com]}`, "keep one"},
		{`email: {smtp: "smtp://u@x", password: T0PSECRET, password_file: ` + file + `, from: a@watch.example, to: [b@example.com]}`, "password and password_file are both set"},
		{`email: {smtp: "smtp://u@x", password_file: ` + empty + `, from: a@watch.example, to: [b@example.com]}`, "is empty: write the password into it"},
		{`email: {smtp: "smtp://u@x", password_file: /nowhere/at/all, from: a@watch.example, to: [b@example.com]}`, "reading password_file"},
		{`email: {` + mail + `, tls: ssl}`, `tls is "ssl": it can be starttls, implicit or none`},
		{`email: {smtp: "smtps://mail.example.com", tls: none, from: a@watch.example, to: [b@example.com]}`, "smtps://, which is implicit TLS"},
		{`email: {smtp: "smtp://mail.example.com", from: nobody, to: []}`, `from "nobody" is no e-mail address`},
		{`email: {smtp: "smtp://mail.example.com", from: "'a b'@watch.example", to: [b@example.com]}`, "is no e-mail address"},
		{`email: {smtp: "smtp://mail.example.com", from: '"a b"@watch.example', to: [b@example.com]}`, "is no e-mail address"},
		{`email: {smtp: "smtp://mail.example.com", from: a@watch.example, to: []}`, "to has 0 addresses"},
		{`email: {smtp: "smtp://mail.example.com", from: a@watch.example, to: [x]}`, `to holds "x"`},
		{`email: {` + mail + `, timeout: -1s}`, "timeout -1s"},
		{`email: {` + mail + `, ca_file: ` + file + `}`, "holds no certificate"},
		{`email: {` + mail + `, dkim: {domain: watch.example}}`, "dkim needs domain, selector and key_file"},
		{`email: {` + mail + `, dkim: {selector: a, key_file: ` + file + `}}`, "holds no RSA or Ed25519 key"},
		{`email: {name: "A b", ` + mail + `}`, "name must be of small letters"},
		{`email: [{` + mail + `}, {name: email, ` + mail + `}]`, "alert.email 2 (email): name is taken"},
		{`webhooks: [{secret: ` + string(secretOf("a")) + `}]`, "alert.webhooks 1 (webhook-1): url is missing"},
		{`webhooks: [{url: "http://example.com/T0PSECRET", secret: ` + string(secretOf("a")) + `}]`, "unencrypted"},
		{`webhooks: [{url: "ftp://example.com/T0PSECRET", secret: ` + string(secretOf("a")) + `}]`, "url can't be read"},
		{`webhooks: [{url: "https://u:T0PSECRET@example.com", secret: ` + string(secretOf("a")) + `}]`, "use authorization"},
		{`webhooks: [{url: "https://example.com/T0PSECRET"}]`, "openssl rand"},
		{`webhooks: [{url: "https://example.com", secret: T0PSECRET}]`, "secret must be whsec_"},
		{`webhooks: [{url: "https://example.com", secret: whsec_VDBQU0VDUkVU}]`, "24 to 64 bytes"},
		{`webhooks: [{url: "https://example.com", previous_secret: ` + string(secretOf("a")) + `}]`, "previous_secret is set and secret is not"},
		{`webhooks: [{url: "https://example.com", secret: ` + string(secretOf("a")) + `, format: xml}]`, "it can be json, misp or stix"},
		{`webhooks: [{url: "https://example.com", secret: ` + string(secretOf("a")) + `, proxy: "http://u:T0PSECRET@p:1"}]`, "allow_private: true"},
		{`chats: [{}]`, "alert.chats 1 (chat-1): url is missing"},
		{`chats: [{url: "T0PSECRET"}]`, "url can't be read"},
		{`chats: [{url: "slak://T0PSECRET"}]`, "it can be bark, discord"},
		{`chats: [{url: "slack://T0PSECRET"}]`, "url isn't one of the service slack"},
		{`chats: [{url: "telegram://T0PSECRET@telegram?chats=1"}]`, "url isn't one of the service telegram"},
		{`chats: [{url: "discord://T0PSECRET@"}]`, "url isn't one of the service discord"},
		{`chats: [{url: "smtp://u:T0PSECRET@x"}]`, "alert.email"},
		{`hooks: [{}]`, "command is missing"},
		{`hooks: [{command: [/nowhere/at/all]}]`, "command can't be run"},
		{`hooks: [{command: [` + file + `]}]`, "command can't be run"},
		{`files: [{dir: x}]`, "it can be misp, stix, json, eml or html"},
		{`files: [{format: eml}]`, "dir is missing"},
		{`files: [{format: eml, dir: ` + file + `}]`, "is no directory"},
		{`syslog: [{address: "siem:514"}]`, "address"},
		{`syslog: [{address: "udp://siem", facility: local9}]`, "it can be kern, user"},
		{`syslog: [{address: "udp://siem", ca_file: ` + file + `}]`, "holds no certificate"},
	} {
		cfg, err := parse(t, c.text)
		if err != nil {
			t.Errorf("%s: %v", c.text, err)
			continue
		}
		_, err = cfg.Open(renderer(t), slog.New(slog.DiscardHandler))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.text, err, c.want)
		}
		if err != nil && (strings.Contains(err.Error(), secret) || strings.Contains(err.Error(), "VDBQU0VDUkVU")) {
			t.Errorf("%s: the error tells the secret: %v", c.text, err)
		}
	}
}

// TestSecrets guards that a printed configuration tells no secret.
func TestSecrets(t *testing.T) {
	c, err := parse(t, `
email: {smtp: "smtp://u:T0PSECRET@mail.example.com", password: T0PSECRET, from: a@watch.example, to: [b@example.com]}
webhooks: [{url: "https://example.com/T0PSECRET", secret: T0PSECRET, previous_secret: T0PSECRET, authorization: T0PSECRET, proxy: "http://u:T0PSECRET@p:1"}]
chats: [{url: "slack://T0PSECRET"}]
`)
	if err != nil {
		t.Fatal(err)
	}
	asJSON, _ := json.Marshal(c)
	asYAML, _ := yaml.Marshal(c)
	var logged bytes.Buffer
	slog.New(slog.NewTextHandler(&logged, nil)).Info("x", "config", c)
	for _, text := range []string{fmt.Sprint(c), fmt.Sprintf("%+v", c), fmt.Sprintf("%#v", c), string(asJSON), string(asYAML), logged.String()} {
		if strings.Contains(text, "T0PSECRET") {
			t.Errorf("a secret is printed: %s", text)
		}
	}
}
