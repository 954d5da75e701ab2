package chdb

import (
	"errors"
	"fmt"
	"io"
	"unsafe"
)

// stream runs a SELECT and passes its result to use in pieces, each of them whole blocks in the format Native and valid
// only during the call. An error of use stops the query.
func (c *conn) stream(query string, params []parameter, use func([]byte) error) error {
	result := c.call(c.lib.streamQuery, query, formatNative, params)
	defer c.lib.resultDestroy(result)
	if err := c.lib.failure(result); err != nil {
		return err
	}
	for {
		more, err := c.fetch(result, use)
		if err != nil {
			c.lib.streamStop(c.session(), result)
			return err
		}
		if !more {
			return nil
		}
	}
}

// fetch passes the next piece of a stream to use; an empty piece is the end.
func (c *conn) fetch(result unsafe.Pointer, use func([]byte) error) (more bool, err error) {
	piece := c.lib.streamFetch(c.session(), result)
	defer c.lib.resultDestroy(piece)
	if err := c.lib.failure(piece); err != nil {
		return false, err
	}
	data := c.lib.bytes(piece)
	if len(data) == 0 {
		return false, nil
	}
	return true, use(data)
}

// insertBuffer is how much of an insert's body is handed over at once; the engine blocks when it has enough waiting.
const insertBuffer = 1 << 20

// errBody marks an error of reading what was to be inserted: the client's fault or its absence, not the engine's.
var errBody = errors.New("reading the rows to insert")

// insert feeds body to an INSERT without its data and FORMAT clause. When body can't be read to its end the insert is
// cancelled, and nothing is stored but blocks which were already complete: of a body of one block, nothing.
func (c *conn) insert(statement, format string, params []parameter, body io.Reader) error {
	insert := c.call(c.lib.insert, statement, format, params)
	defer c.lib.insertDestroy(insert)
	if text := c.lib.insertError(insert); text != "" {
		return newException(text)
	}
	buffer := make([]byte, insertBuffer)
	for {
		n, err := body.Read(buffer)
		if n > 0 && c.lib.insertAppend(insert, unsafe.Pointer(unsafe.SliceData(buffer)), uintptr(n)) != 0 {
			return c.finishInsert(insert, "the engine took no more rows")
		}
		if errors.Is(err, io.EOF) {
			return c.finishInsert(insert, "")
		}
		if err != nil {
			c.lib.insertCancel(insert)
			return fmt.Errorf("%w: %w", errBody, err)
		}
	}
}

// finishInsert waits until the rows are stored or refused. A refused append shows its reason only here; should there be
// none, broken is it.
func (c *conn) finishInsert(insert unsafe.Pointer, broken string) error {
	result := c.lib.insertDone(insert)
	defer c.lib.resultDestroy(result)
	if err := c.lib.failure(result); err != nil {
		return err
	}
	if broken != "" {
		return newException(broken)
	}
	return nil
}
