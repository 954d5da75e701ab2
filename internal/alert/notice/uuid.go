package notice

import (
	"strings"

	"github.com/google/uuid"
)

// namespace is that of all UUIDs of ours; it is the version 5 UUID of
// "urn:markwatch" in the URL namespace (RFC 9562, section 6.6).
func namespace() uuid.UUID { return uuid.NewSHA1(uuid.NameSpaceURL, []byte("urn:markwatch")) }

// uuidOf is the same for the same kind and parts, whenever it is made.
func uuidOf(kind string, parts ...string) string {
	return uuid.NewSHA1(namespace(), []byte(kind+"\x00"+strings.Join(parts, "\x00"))).String()
}
