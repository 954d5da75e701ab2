package loglist

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
)

// Bounds of fetching.
const (
	maxSignature = 64 << 10
	maxRedirects = 3
	patience     = 2 * time.Minute // for all of it
)

// Options say how a list is fetched.
type Options struct {
	UserAgent string
	// ETag and Modified are those of the copy that is held: a server that has
	// no other answers so, without a body.
	ETag, Modified string
	Key            crypto.PublicKey // whose signature the list must have; nil: none is asked for
	Signature      string           // where that is; "": beside the list, with the ending .sig
}

// Copy is a list as it was fetched.
type Copy struct {
	Text           []byte
	Signature      []byte // nil where none was asked for
	ETag, Modified string // to be sent the next time
	Unchanged      bool   // the copy that is held is still the newest; Text is nil
}

// Fetch reads a list from a URL or a file, whole or not at all, and checks its
// signature where there is a key. A list and its signature that don't belong
// together are fetched once more: they may have been replaced in between. nil
// for client is one with its own timeouts, which follows few redirects and
// none to plain http.
func Fetch(ctx context.Context, client *http.Client, location string, o Options) (*Copy, error) {
	if client == nil {
		client = &http.Client{CheckRedirect: checkRedirect}
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	f := fetcher{client, o}
	got, err := f.list(ctx, location)
	if errors.Is(err, errSignature) && IsURL(location) {
		f.options.ETag, f.options.Modified = "", ""
		got, err = f.list(ctx, location)
	}
	if err != nil {
		return nil, fmt.Errorf("fetching the log list %s: %w", WithoutSecrets(location), err)
	}
	return got, nil
}

// IsURL tells an address from the name of a file.
func IsURL(location string) bool {
	return strings.HasPrefix(location, "http://") || strings.HasPrefix(location, "https://")
}

// WithoutSecrets writes a location without the password that it may hold.
func WithoutSecrets(location string) string {
	if u, err := url.Parse(location); err == nil && IsURL(location) {
		return u.Redacted()
	}
	return location
}

// checkRedirect follows a few redirects, none of them out of https.
func checkRedirect(r *http.Request, via []*http.Request) error {
	if len(via) > maxRedirects || via[0].URL.Scheme == "https" && r.URL.Scheme != "https" {
		return fmt.Errorf("redirect to %s is not followed", r.URL.Redacted())
	}
	return nil
}

// fetcher fetches one list.
type fetcher struct {
	client  *http.Client
	options Options
}

// list fetches the list and its signature.
func (f *fetcher) list(ctx context.Context, location string) (*Copy, error) {
	got, err := f.read(ctx, location, MaxBytes, true)
	if err != nil || got.Unchanged || f.options.Key == nil {
		return got, err
	}
	at := f.options.Signature
	if at == "" {
		at = signatureOf(location)
	}
	signature, err := f.read(ctx, at, maxSignature, false)
	if err != nil {
		return nil, fmt.Errorf("its signature %s: %w", WithoutSecrets(at), err)
	}
	got.Signature = signature.Text
	return got, Verify(got.Text, got.Signature, f.options.Key)
}

// signatureOf is where the signature of a list is: log_list.sig beside
// log_list.json.
func signatureOf(location string) string {
	if u, err := url.Parse(location); err == nil && IsURL(location) {
		u.Path = strings.TrimSuffix(strings.TrimSuffix(u.Path, ".gz"), ".json") + ".sig"
		u.RawPath = ""
		return u.String()
	}
	return strings.TrimSuffix(strings.TrimSuffix(location, ".gz"), ".json") + ".sig"
}

// read reads a file or asks for a URL. held says that an unchanged one needn't
// be sent.
func (f *fetcher) read(ctx context.Context, location string, most int, held bool) (*Copy, error) {
	if !IsURL(location) {
		file, err := os.Open(location)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		text, err := readAll(file, most)
		return &Copy{Text: text}, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, location, nil)
	if err != nil {
		return nil, err
	}
	r.Header.Set("User-Agent", f.options.UserAgent)
	if held && f.options.ETag != "" {
		r.Header.Set("If-None-Match", f.options.ETag)
	}
	if held && f.options.Modified != "" {
		r.Header.Set("If-Modified-Since", f.options.Modified)
	}
	resp, err := f.client.Do(r)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	switch {
	case resp.StatusCode == http.StatusNotModified && held && f.options.ETag+f.options.Modified != "":
		return &Copy{ETag: f.options.ETag, Modified: f.options.Modified, Unchanged: true}, nil
	case resp.StatusCode != http.StatusOK:
		return nil, fmt.Errorf("the server answers %s", printable(resp.Status))
	}
	text, err := readAll(resp.Body, most)
	return &Copy{Text: text, ETag: validator(resp.Header.Get("ETag")), Modified: validator(resp.Header.Get("Last-Modified"))}, err
}

// validator is what a server calls its copy, where that is short enough to be sent back.
func validator(header string) string {
	if len(header) > 256 {
		return ""
	}
	return header
}

// readAll reads at most so many bytes, unpacked where they are gzip.
func readAll(r io.Reader, most int) ([]byte, error) {
	text, err := capped(r, most)
	if err != nil || !bytes.HasPrefix(text, []byte{0x1f, 0x8b}) {
		return text, err
	}
	z, err := gzip.NewReader(bytes.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("undoing gzip: %w", err)
	}
	plain, err := capped(z, most)
	if err != nil {
		return nil, fmt.Errorf("undoing gzip: %w", err)
	}
	return plain, nil
}

// capped reads all, and fails where that is more than so many bytes.
func capped(r io.Reader, most int) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(r, int64(most)+1))
	switch {
	case err != nil:
		return nil, err
	case len(text) > most:
		return nil, fmt.Errorf("it has more than %d bytes", most)
	}
	return text, nil
}
