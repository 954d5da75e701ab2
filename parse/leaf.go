package parse

import "time"

// EntryType is the LogEntryType of RFC 6962.
type EntryType uint16

// The entry types.
const (
	X509Entry    EntryType = 0
	PrecertEntry EntryType = 1
)

// Entry is one log entry that is a mark certificate.
type Entry struct {
	Timestamp     time.Time
	Type          EntryType
	IssuerKeyHash [32]byte         // of a precert_entry
	Mark          *MarkCertificate // of a precert_entry, what the leaf's TBSCertificate says, with the DER of its extra_data
	Chain         [][]byte         // DER, issuer first
	Extensions    []byte           // CtExtensions
}

// String gives the name that RFC 6962 has for it.
func (t EntryType) String() string                     { return "" }
func Leaf(leafInput, extraData []byte) (*Entry, error) { return nil, ErrNotMark }
