package chdb

import (
	"net/http"
	"time"
)

// Statement is what parsing a query tells, for tests.
type Statement struct {
	Text, Format    string
	Insert, Selects bool
	Data            string
}

// ParseStatement parses as the handler does.
func ParseStatement(text string) (Statement, error) {
	st, refused := parseStatement(text)
	if refused != nil {
		return Statement{}, refused
	}
	s := Statement{Text: st.text, Format: st.format, Insert: st.insert, Selects: st.selects}
	if st.insert {
		s.Data = text[st.data:]
	}
	return s, nil
}

// LocalTransport is the RoundTripper within a process, to any handler.
func LocalTransport(handler http.Handler) http.RoundTripper { return local{handler: handler} }

// The names within a directory.
const LockFile, SocketFile, EngineDir = lockFile, socketFile, engineDir

// CloseWithin closes as Close does, with another patience.
func CloseWithin(e *Engine, patience time.Duration) error { return e.close(patience) }

// Remedy is what an error about the directory is followed by.
func Remedy(err error) string { return remedy(err) }
