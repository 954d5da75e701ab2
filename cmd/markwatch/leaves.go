package main

import (
	"context"
	"iter"

	"markwatch/scanner"
)

// leaves gives the scanner the stored leaf hashes of a mark log, by which it
// checks smaller tree heads without the log's help; nil for other logs, whose
// leaf hashes are not kept.
func (w *watcher) leaves(log scanner.Log) func(context.Context, uint64, uint64) iter.Seq2[scanner.Hash, error] {
	if !log.Marks {
		return nil
	}
	return func(ctx context.Context, start, end uint64) iter.Seq2[scanner.Hash, error] {
		return w.store.LeafHashes(ctx, log, start, end)
	}
}
