package chdb

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"unsafe"

	"github.com/ebitengine/purego"
)

// library is libchdb's C interface, the part of it that markwatch calls: the length-delimited calls only, because
// the others stop at the first NUL byte. All pointers into it are the library's own; each kind has its own destroy call.
type library struct {
	setSignalHandlers func(enabled int32)

	connect func(argc int32, argv unsafe.Pointer) unsafe.Pointer
	close   func(conn unsafe.Pointer)

	query       func(conn, query unsafe.Pointer, queryLen uintptr, format unsafe.Pointer, formatLen uintptr, names, nameLens, values, valueLens unsafe.Pointer, count uintptr) unsafe.Pointer
	streamQuery func(conn, query unsafe.Pointer, queryLen uintptr, format unsafe.Pointer, formatLen uintptr, names, nameLens, values, valueLens unsafe.Pointer, count uintptr) unsafe.Pointer
	streamFetch func(conn, result unsafe.Pointer) unsafe.Pointer
	streamStop  func(conn, result unsafe.Pointer)

	insert        func(conn, query unsafe.Pointer, queryLen uintptr, format unsafe.Pointer, formatLen uintptr, names, nameLens, values, valueLens unsafe.Pointer, count uintptr) unsafe.Pointer
	insertAppend  func(insert, data unsafe.Pointer, length uintptr) int32
	insertDone    func(insert unsafe.Pointer) unsafe.Pointer
	insertCancel  func(insert unsafe.Pointer)
	insertError   func(insert unsafe.Pointer) string
	insertDestroy func(insert unsafe.Pointer)

	resultBuffer  func(result unsafe.Pointer) unsafe.Pointer
	resultLength  func(result unsafe.Pointer) uintptr
	resultError   func(result unsafe.Pointer) string
	resultDestroy func(result unsafe.Pointer)
}

// loadLibrary binds the library at path. Loading one path again costs next to nothing: the dynamic linker counts.
func loadLibrary(path string) (*library, error) {
	restore, err := configureAllocator()
	if err != nil {
		return nil, err
	}
	handle, err := purego.Dlopen(path, purego.RTLD_NOW|purego.RTLD_LOCAL)
	restore()
	if err != nil {
		return nil, fmt.Errorf("loading the ClickHouse engine %s (`make engine` fetches the one for this system): %w", path, err)
	}
	l := new(library)
	for _, symbol := range []struct {
		name string
		fn   any
	}{
		{"chdb_set_signal_handlers_enabled", &l.setSignalHandlers},
		{"chdb_connect", &l.connect},
		{"chdb_close_conn", &l.close},
		{"chdb_query_with_params_n", &l.query},
		{"chdb_stream_query_with_params_n", &l.streamQuery},
		{"chdb_stream_fetch_result", &l.streamFetch},
		{"chdb_stream_cancel_query", &l.streamStop},
		{"chdb_stream_insert_with_params_n", &l.insert},
		{"chdb_stream_append", &l.insertAppend},
		{"chdb_stream_done", &l.insertDone},
		{"chdb_stream_cancel_insert", &l.insertCancel},
		{"chdb_stream_insert_error", &l.insertError},
		{"chdb_destroy_insert_stream", &l.insertDestroy},
		{"chdb_result_buffer", &l.resultBuffer},
		{"chdb_result_length", &l.resultLength},
		{"chdb_result_error", &l.resultError},
		{"chdb_destroy_query_result", &l.resultDestroy},
	} {
		address, err := purego.Dlsym(handle, symbol.name)
		if err != nil {
			return nil, fmt.Errorf("the ClickHouse engine %s is another version than the pinned one (`make engine` fetches that): %w", path, err)
		}
		purego.RegisterFunc(symbol.fn, address)
	}
	return l, nil
}

// allocatorEnv is where the library's allocator, jemalloc, reads its options from while it is loaded, and never again.
const allocatorEnv = "JE_MALLOC_CONF"

// configureAllocator makes the library's allocator give memory back to the system 0.2 s after it was last used instead of 5 s
// or more, and keep two arenas instead of four for each processor: merges of large rows otherwise leave hundreds of MB behind.
// A value that the operator has set is left as it is. The function returned takes the setting out of the environment again,
// which is the children's too.
func configureAllocator() (restore func(), err error) {
	if _, set := os.LookupEnv(allocatorEnv); set {
		return func() {}, nil
	}
	if err := os.Setenv(allocatorEnv, "narenas:2,dirty_decay_ms:200,muzzy_decay_ms:0"); err != nil {
		return nil, fmt.Errorf("configuring the engine's allocator: %w", err)
	}
	return func() { _ = os.Unsetenv(allocatorEnv) }, nil
}

// conn is one session of the engine. It runs one statement at a time; sessions of one process run side by side.
type conn struct {
	lib *library
	// handle is a chdb_connection *, what it points at is the chdb_connection that the other calls want.
	handle unsafe.Pointer
}

// errRefused is what a connect without a connection means; the library gives no reason.
var errRefused = errors.New("the engine refused")

// open starts a session with the command line arguments, of which the first session's start the engine.
func (l *library) open(arguments []string) (*conn, error) {
	argv := make([]unsafe.Pointer, len(arguments)+1) // ends with a null pointer, as argv does
	for i, argument := range arguments {
		argv[i] = unsafe.Pointer(unsafe.SliceData(append([]byte(argument), 0)))
	}
	handle := l.connect(int32(len(arguments)), unsafe.Pointer(unsafe.SliceData(argv)))
	runtime.KeepAlive(argv)
	if handle == nil {
		return nil, errRefused
	}
	return &conn{lib: l, handle: handle}, nil
}

// close ends the session and whatever it still runs. The last session's end stops the engine.
func (c *conn) close() { c.lib.close(c.handle) }

func (c *conn) session() unsafe.Pointer { return *(*unsafe.Pointer)(c.handle) }

// call passes a statement with its output or input format and its parameters to one of the library's three entry points.
func (c *conn) call(entry func(conn, query unsafe.Pointer, queryLen uintptr, format unsafe.Pointer, formatLen uintptr,
	names, nameLens, values, valueLens unsafe.Pointer, count uintptr) unsafe.Pointer, query, format string, params []parameter,
) unsafe.Pointer {
	q, f := append([]byte(query), 0), append([]byte(format), 0)
	names, values := make([]unsafe.Pointer, len(params)+1), make([]unsafe.Pointer, len(params)+1)
	nameLens, valueLens := make([]uintptr, len(params)+1), make([]uintptr, len(params)+1)
	for i, p := range params {
		names[i], nameLens[i] = unsafe.Pointer(unsafe.SliceData(append([]byte(p.name), 0))), uintptr(len(p.name))
		values[i], valueLens[i] = unsafe.Pointer(unsafe.SliceData(append([]byte(p.value), 0))), uintptr(len(p.value))
	}
	result := entry(c.session(), unsafe.Pointer(unsafe.SliceData(q)), uintptr(len(query)), unsafe.Pointer(unsafe.SliceData(f)), uintptr(len(format)),
		unsafe.Pointer(unsafe.SliceData(names)), unsafe.Pointer(unsafe.SliceData(nameLens)),
		unsafe.Pointer(unsafe.SliceData(values)), unsafe.Pointer(unsafe.SliceData(valueLens)), uintptr(len(params)))
	runtime.KeepAlive([]any{q, f, names, values, nameLens, valueLens})
	return result
}

// query runs a statement to its end and passes its whole result, which is only valid during the call, to use.
func (c *conn) query(query, format string, params []parameter, use func([]byte) error) error {
	result := c.call(c.lib.query, query, format, params)
	defer c.lib.resultDestroy(result)
	if err := c.lib.failure(result); err != nil {
		return err
	}
	if use == nil {
		return nil
	}
	return use(c.lib.bytes(result))
}

// exec runs a statement whose result nobody wants.
func (c *conn) exec(query string) error { return c.query(query, "Null", nil, nil) }

// failure is the error that a result holds, if it does.
func (l *library) failure(result unsafe.Pointer) error {
	if text := l.resultError(result); text != "" {
		return newException(text)
	}
	return nil
}

// bytes is the data of a result: the library's memory, gone when the result is destroyed.
func (l *library) bytes(result unsafe.Pointer) []byte {
	if n := l.resultLength(result); n > 0 {
		return unsafe.Slice((*byte)(l.resultBuffer(result)), n)
	}
	return nil
}
