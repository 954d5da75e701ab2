package chdb

import "net/http"

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
