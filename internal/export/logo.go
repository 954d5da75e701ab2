package export

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// logo is one distinct SVG.
type logo struct {
	sha256 string
	svg    []byte
}

// eachLogo calls do with every logo that is stored, by SHA-256. It holds a few at a time.
func eachLogo(ctx context.Context, conn driver.Conn, do func(logo) error) error {
	rows, err := conn.Query(ctx, "SELECT toString(svg_sha256), svg FROM logos ORDER BY svg_sha256 SETTINGS max_block_size = 256, max_threads = 1")
	if err != nil {
		return fmt.Errorf("reading the logos: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var l logo
		if err := rows.Scan(&l.sha256, &l.svg); err != nil {
			return fmt.Errorf("reading the logos: %w", err)
		}
		if sum := sha256.Sum256(l.svg); !isHash(l.sha256) || hex.EncodeToString(sum[:]) != l.sha256 {
			return fmt.Errorf("the stored logo %.64q is not the SVG of that hash: the store is damaged", l.sha256)
		}
		if err := do(l); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("reading the logos: %w", err)
	}
	return nil
}
