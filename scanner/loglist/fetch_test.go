package loglist_test

import (
	"bytes"
	"compress/gzip"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"markwatch/scanner/loglist"
)

// signers are a key of each kind that signs lists.
func signers(t *testing.T) map[string]crypto.Signer {
	t.Helper()
	r, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	e, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return map[string]crypto.Signer{"RSA": r, "ECDSA": e}
}

func sign(t *testing.T, key crypto.Signer, text []byte) []byte {
	t.Helper()
	sum := sha256.Sum256(text)
	signature, err := key.Sign(rand.Reader, sum[:], crypto.SHA256)
	if err != nil {
		t.Fatal(err)
	}
	return signature
}

// TestVerify guards that a signature is of this list and by this key, or refused.
func TestVerify(t *testing.T) {
	list := []byte(`{"operators":[]}`)
	for name, key := range signers(t) {
		t.Run(name, func(t *testing.T) {
			der, err := x509.MarshalPKIXPublicKey(key.Public())
			if err != nil {
				t.Fatal(err)
			}
			signature := sign(t, key, list)
			for form, text := range map[string][]byte{
				"DER": der, "PEM": pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}),
				"base64": []byte(base64.StdEncoding.EncodeToString(der) + "\n"),
			} {
				public, err := loglist.ParseKey(text)
				if err != nil {
					t.Errorf("%s: %v", form, err)
					continue
				}
				if err := loglist.Verify(list, signature, public); err != nil {
					t.Errorf("%s: %v", form, err)
				}
			}
			for what, err := range map[string]error{
				"another list":      loglist.Verify(append(list, ' '), signature, key.Public()),
				"no signature":      loglist.Verify(list, nil, key.Public()),
				"changed signature": loglist.Verify(list, append([]byte{signature[0] ^ 1}, signature[1:]...), key.Public()),
			} {
				if err == nil {
					t.Errorf("%s verifies", what)
				}
			}
		})
	}
	small, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Skipf("this Go makes no small keys: %v", err)
	}
	der, err := x509.MarshalPKIXPublicKey(&small.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string][]byte{"small": der, "none": nil, "text": []byte("key"), "half": der[:40]} {
		if key, err := loglist.ParseKey(text); err == nil {
			t.Errorf("the key %q is read as %T", name, key)
		}
	}
}

// host serves a list, its signature, and what is asked of it.
type host struct {
	list, signature []byte
	etag            string
	status          int
	stale           int // so many answers for the signature are of another list
	asked           []string
	agent           string
}

func (h *host) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.asked, h.agent = append(h.asked, r.URL.Path), r.UserAgent()
	switch {
	case h.status != 0:
		w.WriteHeader(h.status)
	case strings.HasSuffix(r.URL.Path, ".sig"):
		if h.stale > 0 {
			h.stale--
			w.Write([]byte("another"))
			return
		}
		w.Write(h.signature)
	case h.etag != "" && r.Header.Get("If-None-Match") == h.etag:
		w.WriteHeader(http.StatusNotModified)
	default:
		w.Header().Set("ETag", h.etag)
		w.Header().Set("Last-Modified", "Fri, 20 Nov 2026 10:00:00 GMT")
		w.Write(h.list)
	}
}

func serve(t *testing.T, h *host) string {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return server.URL + "/ct/log_list.json"
}

// TestFetch guards the course of fetching: whole, signed, and not twice.
func TestFetch(t *testing.T) {
	key := signers(t)["ECDSA"]
	h := &host{list: listOf(t, []object{plainLog(t, "Anvil")}, nil), etag: `"v1"`, stale: 1}
	h.signature = sign(t, key, h.list)
	at := serve(t, h)
	got, err := loglist.Fetch(t.Context(), nil, at, loglist.Options{UserAgent: "test (a@b.example)", Key: key.Public()})
	if err != nil || !bytes.Equal(got.Text, h.list) || !bytes.Equal(got.Signature, h.signature) || got.ETag != `"v1"` || got.Unchanged {
		t.Fatalf("fetched %+v, %v", got, err)
	}
	if want := "/ct/log_list.json /ct/log_list.sig /ct/log_list.json /ct/log_list.sig"; strings.Join(h.asked, " ") != want || h.agent != "test (a@b.example)" {
		t.Errorf("asked %v as %q, want %s: a list and its signature that were replaced in between are fetched again", h.asked, h.agent, want)
	}
	h.asked = nil
	got, err = loglist.Fetch(t.Context(), nil, at, loglist.Options{Key: key.Public(), ETag: got.ETag, Modified: got.Modified})
	if err != nil || !got.Unchanged || got.Text != nil || len(h.asked) != 1 {
		t.Errorf("the second time fetched %+v, %v with %v", got, err, h.asked)
	}
	h.signature = sign(t, key, []byte("another"))
	h.etag = `"v2"`
	if got, err := loglist.Fetch(t.Context(), nil, at, loglist.Options{Key: key.Public()}); err == nil || !strings.Contains(err.Error(), "signature") {
		t.Errorf("a wrong signature: %+v, %v", got, err)
	}
}

// TestFetchRefuses guards against what must not be taken for a list.
func TestFetchRefuses(t *testing.T) {
	var bomb bytes.Buffer
	z := gzip.NewWriter(&bomb)
	if _, err := z.Write(make([]byte, loglist.MaxBytes+1)); err != nil {
		t.Fatal(err)
	}
	z.Close()
	for name, h := range map[string]*host{
		"gone":            {status: http.StatusNotFound},
		"not asked for":   {status: http.StatusNotModified},
		"too long":        {list: make([]byte, loglist.MaxBytes+1)},
		"gzip too long":   {list: bomb.Bytes()},
		"gzip cut short":  {list: bomb.Bytes()[:100]},
		"gzip of nothing": {list: []byte{0x1f, 0x8b}},
	} {
		if got, err := loglist.Fetch(t.Context(), nil, serve(t, h), loglist.Options{}); err == nil {
			t.Errorf("%s: fetched %d bytes", name, len(got.Text))
		}
	}
	elsewhere := httptest.NewTLSServer(http.RedirectHandler(serve(t, &host{list: []byte("{}")}), http.StatusFound))
	defer elsewhere.Close()
	client := elsewhere.Client()
	if _, err := loglist.Fetch(t.Context(), client, elsewhere.URL, loglist.Options{}); err != nil {
		t.Errorf("a client of one's own decides itself: %v", err)
	}
	loop := httptest.NewServer(http.RedirectHandler("/again", http.StatusFound))
	defer loop.Close()
	if _, err := loglist.Fetch(t.Context(), nil, loop.URL, loglist.Options{}); err == nil || !strings.Contains(err.Error(), "redirect") {
		t.Errorf("redirects without end: %v", err)
	}
}

// TestFetchFile guards that a file does as well as an address, packed or not.
func TestFetchFile(t *testing.T) {
	key := signers(t)["RSA"]
	list := listOf(t, []object{plainLog(t, "Anvil")}, nil)
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	z.Write(list)
	z.Close()
	dir := t.TempDir()
	write := func(name string, text []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	write("list.sig", sign(t, key, list))
	for _, path := range []string{write("list.json", list), write("list.json.gz", packed.Bytes())} {
		got, err := loglist.Fetch(t.Context(), nil, path, loglist.Options{Key: key.Public()})
		if err != nil || !bytes.Equal(got.Text, list) {
			t.Errorf("%s: %v", path, err)
		}
	}
	for _, path := range []string{filepath.Join(dir, "none.json"), dir, write("unsigned.json", list)} {
		if _, err := loglist.Fetch(t.Context(), nil, path, loglist.Options{Key: key.Public()}); err == nil {
			t.Errorf("%s is taken for a signed list", path)
		}
	}
	if got := loglist.WithoutSecrets("https://me:word@lists.example/l.json"); strings.Contains(got, "word") {
		t.Errorf("the password is shown: %s", got)
	}
}
