package scanner

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"
)

// Hash is a SHA-256 value: a leaf hash, a node, a root or a log id.
type Hash = [sha256.Size]byte

// Type is the protocol that a log speaks.
type Type string

// The protocols a log can speak.
const (
	RFC6962 Type = "rfc6962"       // RFC 6962
	Static  Type = "static-ct-api" // c2sp.org/static-ct-api
)

// minRSABits is the smallest RSA key RFC 6962, section 2.1.4, lets a log have.
const minRSABits = 2048

// Log says where a log is and by which key its tree heads are known.
type Log struct {
	Name string        // short name for people, metrics and errors
	URL  string        // base URL without /ct/v1, of a static-ct-api log its monitoring prefix; a trailing slash is optional
	Type Type          // empty means RFC6962
	Key  []byte        // DER SubjectPublicKeyInfo
	MMD  time.Duration // maximum merge delay; zero means 24 hours
	// Origin is what the checkpoints of a static-ct-api log must begin with: its
	// submission prefix without scheme and trailing slash, which needn't be the
	// monitoring prefix. Empty takes any: signature and key id decide.
	Origin string
	// Marks says that this is a log of mark certificates: small and pressing,
	// so its leaf hashes are delivered to be kept and it is polled often.
	Marks bool
}

// ID returns the log id of RFC 6962, section 3.2: the SHA-256 of the key.
func (l Log) ID() Hash { return sha256.Sum256(l.Key) }

// Validate says what of the log's description can't be used, and how to mend it.
func (l Log) Validate() error {
	if l.Name == "" {
		return errors.New("log has no name")
	}
	u, err := url.Parse(l.URL)
	switch {
	case err != nil:
		return fmt.Errorf("log %s: reading its url: %w", l.Name, err)
	case u.Scheme != "https" && u.Scheme != "http", u.Host == "":
		return fmt.Errorf("log %s: url %q must be http:// or https:// with a host", l.Name, l.URL)
	case u.RawQuery != "" || u.Fragment != "":
		return fmt.Errorf("log %s: url %q must end at the log's path, without query or fragment", l.Name, l.URL)
	case l.Type != "" && l.Type != RFC6962 && l.Type != Static:
		return fmt.Errorf("log %s: type %q is none of %s, %s", l.Name, l.Type, RFC6962, Static)
	case l.Origin != "" && (!isKeyName(l.Origin) || strings.Contains(l.Origin, "://") || strings.HasSuffix(l.Origin, "/")):
		return fmt.Errorf("log %s: origin %q must be a host and path, without scheme and trailing slash", l.Name, l.Origin)
	case l.MMD < 0:
		return fmt.Errorf("log %s: mmd %s is negative", l.Name, l.MMD)
	}
	_, err = l.publicKey()
	return err
}

// publicKey parses the key and refuses kinds that no log may have.
func (l Log) publicKey() (crypto.PublicKey, error) {
	k, err := x509.ParsePKIXPublicKey(l.Key)
	if err != nil {
		return nil, fmt.Errorf("log %s: reading its key (want base64 of a DER SubjectPublicKeyInfo): %w", l.Name, err)
	}
	switch k := k.(type) {
	case *ecdsa.PublicKey:
		if k.Curve != elliptic.P256() {
			return nil, fmt.Errorf("log %s: key is on curve %s, want P-256", l.Name, k.Curve.Params().Name)
		}
	case *rsa.PublicKey:
		if k.N.BitLen() < minRSABits {
			return nil, fmt.Errorf("log %s: RSA key has %d bits, want %d or more", l.Name, k.N.BitLen(), minRSABits)
		}
	default:
		return nil, fmt.Errorf("log %s: key is a %T, want ECDSA P-256 or RSA", l.Name, k)
	}
	return k, nil
}

// mmd returns the maximum merge delay with its default.
func (l Log) mmd() time.Duration {
	if l.MMD == 0 {
		return 24 * time.Hour
	}
	return l.MMD
}
