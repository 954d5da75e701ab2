package chdb

import (
	"fmt"
	"strings"
)

// ClickHouse's error codes that the handler itself answers with (ErrorCodes.cpp of ClickHouse).
const (
	codeBadArguments   = 36
	codeNotImplemented = 48
	codeSyntaxError    = 62
	codeUnknownSetting = 115
	codeCannotReadAll  = 33
	codeUnknownFailure = 1002
)

// exception is an error of ClickHouse: the text as ClickHouse words it, beginning with `Code: N.`.
type exception struct {
	code int
	text string
}

func (e *exception) Error() string { return e.text }

// newException reads the code out of an error text of the library, some of which have none.
func newException(text string) *exception {
	text = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(text), "Error: "))
	var code int
	if n, _ := fmt.Sscanf(text, "Code: %d.", &code); n == 1 && code > 0 {
		return &exception{code: code, text: text}
	}
	return refusal(codeUnknownFailure, "UNKNOWN_EXCEPTION", "%s", text)
}

// refusal is an error of the handler's own, worded as ClickHouse does so that a client reads it the same way.
func refusal(code int, name, format string, args ...any) *exception {
	message := fmt.Sprintf(format, args...)
	return &exception{code: code, text: fmt.Sprintf("Code: %d. DB::Exception: %s. (%s)", code, strings.TrimSuffix(message, "."), name)}
}

// notStreamed says that a streaming call refused the statement before running any of it (ClientBase::processTextAsSingleQuery).
func (e *exception) notStreamed() bool {
	return e.code == codeBadArguments && strings.Contains(e.text, "Streaming query is not supported")
}
