package main

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"

	"markwatch/parse"
)

// markRoots are the roots of mark certificates that are known: the built-in
// ones and those of the configuration's files.
func (c *Config) markRoots() ([]parse.Root, error) {
	roots := parse.MarkRoots()
	for _, path := range c.Roots {
		more, err := readRoots(path)
		if err != nil {
			return nil, fmt.Errorf("roots: %w", err)
		}
		roots = append(roots, more...)
	}
	return roots, nil
}

// readRoots reads the certificates of a file of PEM.
func readRoots(path string) ([]parse.Root, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var roots []parse.Root
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != "CERTIFICATE" {
			return nil, fmt.Errorf("%s holds a %s; only certificates belong there", path, block.Type)
		}
		cert, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, fmt.Errorf("reading certificate %d of %s: %w", len(roots)+1, path, err)
		}
		name := cert.Subject.CommonName
		if name == "" {
			name = cert.Subject.String()
		}
		roots = append(roots, parse.Root{Name: name, SHA256: sha256.Sum256(block.Bytes)})
	}
	if len(roots) == 0 {
		return nil, fmt.Errorf("%s holds no certificate in PEM", path)
	}
	return roots, nil
}
