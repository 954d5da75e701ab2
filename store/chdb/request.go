package chdb

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// maxQueryText is the longest text of a query, without the data of an INSERT. ClickHouse's own limit, max_query_size, is 256 KiB
// and counts before parameters are put in.
const maxQueryText = 1 << 20

// parameter is a value for `{name:Type}` in a query, in ClickHouse's escaped text form, as param_name=value gives it.
type parameter struct{ name, value string }

// request is what one HTTP request asks of ClickHouse.
type request struct {
	statement
	original string // the text as it came, without the data of an INSERT
	body     io.Reader
	database string
	format   string // of the result if the query names none
	complete bool   // nothing may be sent before the query has ended (wait_end_of_query)
	settings map[string]string
	params   []parameter
	hello    bool
}

// parseRequest reads ClickHouse's HTTP parameters. What is not one of the interface's own is a setting of the query.
func parseRequest(r *http.Request) (*request, error) {
	if encoding := r.Header.Get("Content-Encoding"); encoding != "" && encoding != "identity" {
		return nil, refusal(codeNotImplemented, "NOT_IMPLEMENTED", "The embedded engine takes no compressed bodies (%s): set the compression to none", encoding)
	}
	if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		return nil, refusal(codeNotImplemented, "NOT_IMPLEMENTED", "The embedded engine takes no external tables")
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, refusal(codeBadArguments, "BAD_ARGUMENTS", "The request's parameters can't be read: %v", err)
	}
	req := &request{format: "TabSeparated", settings: map[string]string{}}
	for name, values := range query {
		if err := req.set(name, values[len(values)-1]); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(req.params, func(a, b parameter) int { return cmp.Compare(a.name, b.name) })
	if err := req.readStatement(query.Get("query"), r.Body); err != nil {
		return nil, err
	}
	req.hello = isHello(req.original) && query.Has("client_protocol_version")
	return req, nil
}

// set takes one HTTP parameter.
func (req *request) set(name, value string) error {
	switch name {
	case "query", "query_id", "user", "password", "quota_key", "client_protocol_version", "enable_http_compression",
		"send_progress_in_http_headers", "http_write_exception_in_output_format", "buffer_size", "async_insert",
		"wait_for_async_insert", "stacktrace", "session_timeout":
		// The statement is read later; the others mean nothing without a network, users and a buffer.
	case "database":
		req.database = value
	case "default_format":
		req.format = value
	case "wait_end_of_query":
		req.complete = value == "1" || value == "true"
	case "compress", "decompress":
		if value != "0" && value != "false" {
			return refusal(codeNotImplemented, "NOT_IMPLEMENTED", "The embedded engine does not compress: set the compression to none")
		}
	case "session_id", "role":
		return refusal(codeNotImplemented, "NOT_IMPLEMENTED", "The embedded engine has no %s", name)
	default:
		if param, ok := strings.CutPrefix(name, "param_"); ok {
			req.params = append(req.params, parameter{name: param, value: value})
			return nil
		}
		if !isSettingName(name) {
			return refusal(codeUnknownSetting, "UNKNOWN_SETTING", "Unknown setting %q", name)
		}
		req.settings[name] = value
	}
	return nil
}

func isSettingName(name string) bool {
	for i := range len(name) {
		if !isWordByte(name[i]) || name[i] >= 0x80 || name[i] == '$' {
			return false
		}
	}
	return name != ""
}

// readStatement finds the statement, which is in the parameter `query`, in the body, or begun in the one and ended in the
// other, and the data of an INSERT, which is the rest of the body.
func (req *request) readStatement(query string, body io.Reader) error {
	if st, ok := parseInsert(query); ok {
		req.statement, req.original = st, st.text
		req.body = io.MultiReader(strings.NewReader(query[st.data:]), body)
		return nil
	}
	if query != "" {
		query += "\n"
	}
	var head bytes.Buffer
	head.WriteString(query)
	if _, err := io.CopyN(&head, body, maxQueryText); err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("%w: %w", errBody, err)
	}
	text := head.String()
	if st, ok := parseInsert(text); ok && (st.format != formatValues || len(text) >= maxQueryText) {
		req.statement, req.original = st, st.text
		req.body = io.MultiReader(strings.NewReader(text[st.data:]), body)
		return nil
	}
	if len(text) >= maxQueryText {
		return refusal(codeSyntaxError, "SYNTAX_ERROR", "The query is longer than %d bytes", maxQueryText)
	}
	req.original = text
	if _, ok := parseInsert(text); ok {
		// Rows in the text may hold expressions and parameters: ClickHouse reads them as part of the query.
		req.statement = statement{text: text}
		return nil
	}
	st, refused := parseStatement(text)
	if refused != nil {
		return refused
	}
	req.statement = st
	return nil
}

// outputFormat is the format of the result.
func (req *request) outputFormat() string { return cmp.Or(req.statement.format, req.format) }

// prologue are the statements that give a session the request's database and settings over the defaults.
func (req *request) prologue(defaults map[string]string, marker string) []string {
	all := map[string]string{}
	for _, settings := range []map[string]string{defaults, req.settings} {
		for name, value := range settings {
			all[name] = value
		}
	}
	all[markerSetting] += marker
	assignments := make([]string, 0, len(all))
	for name, value := range all {
		assignments = append(assignments, name+" = "+quote(value, '\''))
	}
	slices.Sort(assignments)
	statements := []string{"SET " + strings.Join(assignments, ", ")}
	if req.database != "" {
		statements = append([]string{"USE " + quote(req.database, '`')}, statements...)
	}
	return statements
}
