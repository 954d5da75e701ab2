package chdb_test

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
)

// row has a column of each type that a schema may use.
type row struct {
	S    string            `ch:"s"`
	Fix  string            `ch:"fix"`
	Low  string            `ch:"low"`
	U8   uint8             `ch:"u8"`
	U16  uint16            `ch:"u16"`
	U32  uint32            `ch:"u32"`
	U64  uint64            `ch:"u64"`
	I64  int64             `ch:"i64"`
	F64  float64           `ch:"f64"`
	Bool bool              `ch:"bool"`
	Time time.Time         `ch:"time"`
	Ms   time.Time         `ch:"ms"`
	Day  time.Time         `ch:"day"`
	Strs []string          `ch:"strs"`
	Nums []uint64          `ch:"nums"`
	Null *string           `ch:"nullable"`
	Pair []any             `ch:"pair"`
	Map  map[string]string `ch:"map"`
	Enum string            `ch:"enum"`
	ID   uuid.UUID         `ch:"id"`
	Max  uint64            `ch:"max"`
}

const allTypes = `CREATE TABLE types (
	s String, fix FixedString(64), low LowCardinality(String), u8 UInt8, u16 UInt16, u32 UInt32, u64 UInt64, i64 Int64, f64 Float64,
	bool Bool, time DateTime('UTC'), ms DateTime64(3, 'UTC'), day Date, strs Array(String), nums Array(UInt64), nullable Nullable(String),
	pair Tuple(String, UInt8), map Map(String, String), enum Enum8('new' = 1, 'old' = -2), id UUID, max SimpleAggregateFunction(max, UInt64)
) ENGINE = MergeTree ORDER BY u64`

func TestTypesRoundTrip(t *testing.T) {
	_, conn := start(t)
	exec(t, conn, allTypes)
	var every strings.Builder
	for b := range 256 {
		every.WriteByte(byte(b))
	}
	text := "nullable"
	at := time.Date(2026, 3, 29, 1, 30, 15, 123e6, time.UTC)
	want := []row{
		{
			Fix: strings.Repeat("\x00", 64), Enum: "new", Time: time.Unix(0, 0).UTC(), Ms: time.Unix(0, 0).UTC(), Day: time.Unix(0, 0).UTC(),
			Strs: []string{}, Nums: []uint64{}, Map: map[string]string{}, Pair: []any{"", uint8(0)},
		},
		{
			S: every.String(), Fix: strings.Repeat("\x00a\xff\n", 16), Low: "a\x00b", U8: 255, U16: 65535, U32: 1<<32 - 1, U64: 1<<64 - 1, I64: -1 << 63, F64: -1.5,
			Bool: true, Time: at.Truncate(time.Second), Ms: at, Day: at.Truncate(24 * time.Hour), Strs: []string{"", "a\x00", "é"}, Nums: []uint64{0, 1<<64 - 1},
			Null: &text, Pair: []any{"x\x00", uint8(7)}, Map: map[string]string{"k\x00": "v", "": ""}, Enum: "old", ID: uuid.MustParse("0b0e7a1c-5d2f-4c3b-9a8d-7e6f5a4b3c2d"), Max: 9,
		},
	}
	ctx := context.Background()
	batch, err := conn.PrepareBatch(ctx, "INSERT INTO types")
	if err != nil {
		t.Fatalf("preparing: %v", err)
	}
	for i := range want {
		if err := batch.AppendStruct(&want[i]); err != nil {
			t.Fatalf("appending row %d: %v", i, err)
		}
	}
	if err := batch.Send(); err != nil {
		t.Fatalf("sending: %v", err)
	}
	var got []row
	if err := conn.Select(ctx, &got, "SELECT * FROM types ORDER BY u64"); err != nil {
		t.Fatalf("selecting: %v", err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rows read back (-want +got):\n%s", diff)
	}
	// And again through a text format, both ways.
	exec(t, conn, "CREATE TABLE copy AS types")
	stream, err := conn.QueryFormat(ctx, "RowBinary", "SELECT * FROM types ORDER BY u64")
	if err != nil {
		t.Fatalf("exporting: %v", err)
	}
	defer stream.Close()
	if err := conn.InsertFormat(ctx, "RowBinary", "INSERT INTO copy", stream); err != nil {
		t.Fatalf("importing: %v", err)
	}
	if n := value[uint64](t, conn, "SELECT count() FROM types AS a JOIN copy AS b USING (s, fix, low, i64, ms, strs, nums, pair, map, enum, id)"); n != 2 {
		t.Errorf("%d of 2 rows are equal after export and import", n)
	}
}

func TestLargeValue(t *testing.T) {
	_, conn := start(t)
	exec(t, conn, "CREATE TABLE large (s String) ENGINE = MergeTree ORDER BY tuple()")
	want := bytes.Repeat([]byte("<svg>\x00"), 3<<20)
	batch, err := conn.PrepareBatch(context.Background(), "INSERT INTO large")
	if err != nil {
		t.Fatalf("preparing: %v", err)
	}
	if err := batch.Append(want); err != nil {
		t.Fatalf("appending: %v", err)
	}
	if err := batch.Send(); err != nil {
		t.Fatalf("sending: %v", err)
	}
	if got := value[string](t, conn, "SELECT s FROM large"); got != string(want) {
		t.Errorf("an 18 MB value came back with %d bytes, changed", len(got))
	}
}
