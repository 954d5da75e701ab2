package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"markwatch/queries"
)

// exportRows is a result like that of the query certificates, of so many rows,
// that costs the engine little to make.
const exportRows = `SELECT lower(hex(SHA256(toString(number)))) AS tbs_sha256, toDateTime64(1600000000 + number * 60, 3, 'UTC') AS first_logged,
	if(number %% 3 = 0, 'CMC', 'VMC') AS class, 'Registered Mark' AS mark_type, concat('Bench ', toString(number %% 250000), ' Works, Ltd "', toString(number), '"') AS organisation,
	'GB' AS country, [concat('bench-', toString(number), '.example'), concat('mail.bench-', toString(number), '.example')] AS domains,
	'US' AS register, toString(3000000 + number) AS number_text, 'Bench CA' AS issuer, toDateTime64(1600000000 + number * 60, 0, 'UTC') AS not_before,
	toDateTime64(1634000000 + number * 60, 0, 'UTC') AS not_after, number %% 100 = 0 AS is_test, lower(hex(number * 1000003)) AS serial, number AS leaf_index
FROM numbers(%d)`

// export measures writing so many rows in each format, and ten times as many in
// two, by which one sees that memory doesn't grow with them.
func (b bench) export(ctx context.Context, rows uint64) error {
	dir, err := os.MkdirTemp("", "markwatch-bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	fmt.Fprint(b.out, "\n| export, engine included | rows | rows a second | rows per CPU second | CPU, s | file, MB | anonymous memory at most, MB |\n|---|---:|---:|---:|---:|---:|---:|\n")
	for _, format := range queries.Formats() {
		if err := b.exportOne(ctx, dir, format, rows); err != nil {
			return err
		}
	}
	const more = 10
	for _, format := range []queries.Format{queries.CSV, queries.Parquet} {
		if err := b.exportOne(ctx, dir, format, more*rows); err != nil {
			return err
		}
	}
	return nil
}

func (b bench) exportOne(ctx context.Context, dir string, format queries.Format, rows uint64) error {
	file := filepath.Join(dir, "rows."+string(format))
	defer os.Remove(file)
	used, err := measure(exec.CommandContext(ctx, b.markwatch, "--store", filepath.Join(dir, "store"), "query",
		"--sql", fmt.Sprintf(exportRows, rows), "--format", string(format), "-o", file))
	if err != nil {
		return err
	}
	info, err := os.Stat(file)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(b.out, "| `%s` | %d | %.0f | %.0f | %.1f | %.0f | %.0f |\n", format, rows, perSecond(rows, used.wall), perSecond(rows, used.cpu), used.cpu.Seconds(), float64(info.Size())/1e6, float64(used.anonymous)/1e6)
	return err
}
