package parse

import (
	"io"
	"iter"
)

// Document is one certificate or log entry of an input that Documents reads.
type Document struct {
	Position int              // ordinal in the input, from 0
	Source   string           // "PEM block 2", "entry 17", "DER"
	Mark     *MarkCertificate // nil if Err says that there is none; the partial one of a MalformedError
	Entry    *Entry           // of get-entries JSON
	Err      error            // ErrNotMark, a *MalformedError, or an error in decoding this document alone
}

func Documents(r io.Reader) iter.Seq2[Document, error] { return func(func(Document, error) bool) {} }
