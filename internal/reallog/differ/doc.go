// Package differ holds scanner's parsers of checkpoints and data tiles
// (c2sp.org/static-ct-api) against those that others wrote, in its tests. It is
// apart from reallog so that fuzzing builds little.
package differ
