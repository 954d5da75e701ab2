package chdb

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/ClickHouse/ch-go/proto"
	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/column"
	block "github.com/ClickHouse/clickhouse-go/v2/lib/proto"
)

// isHello says whether query is the one by which clickhouse-go learns whom it speaks to.
func isHello(query string) bool {
	return strings.TrimSpace(query) == "SELECT displayName(), version(), revision(), timezone()"
}

// hello answers that query with the revision 0. It tells the driver that the protocol has no extensions, which is what the
// library's Native blocks look like; only this answer itself is read at the driver's own revision.
func (c *conn) hello() ([]byte, error) {
	var row struct{ Name, Version, Timezone string }
	// The request's settings are those of the query that will follow: they may ask for an array of rows.
	const query = "SELECT displayName() AS Name, version() AS Version, timezone() AS Timezone SETTINGS output_format_json_array_of_rows = 0"
	err := c.query(query, "JSONEachRow", nil, func(result []byte) error { return json.Unmarshal(result, &row) })
	if err != nil {
		return nil, err
	}
	answer := block.NewBlock()
	for _, col := range []struct {
		name string
		kind column.Type
	}{{"displayName()", "String"}, {"version()", "String"}, {"revision()", "UInt32"}, {"timezone()", "String"}} {
		if err := answer.AddColumn(col.name, col.kind); err != nil {
			return nil, fmt.Errorf("describing the engine to its client: %w", err)
		}
	}
	if err := answer.Append(row.Name, row.Version, uint32(0), row.Timezone); err != nil {
		return nil, fmt.Errorf("describing the engine to its client: %w", err)
	}
	buffer := new(proto.Buffer)
	if err := answer.Encode(buffer, clickhouse.ClientTCPProtocolVersion); err != nil {
		return nil, fmt.Errorf("describing the engine to its client: %w", err)
	}
	return buffer.Buf, nil
}
