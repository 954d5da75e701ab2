package main

import (
	"encoding/base64"
	"time"

	"markwatch/scanner"
)

// builtinLogs are the logs that take mark certificates and speak RFC 6962.
// Names, addresses and keys are those that their operators publish; that each
// key has the published log id is tested.
func builtinLogs() []scanner.Log {
	return []scanner.Log{
		{
			// The only log approved for mark certificates as of January 2026
			// (log list of approved logs, BIMI Group).
			Name: "gorgon", URL: "https://gorgon.ct.digicert.com/log", Type: scanner.RFC6962, MMD: 24 * time.Hour, Marks: true,
			Key: mustKey("MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEbEiWluJDIqWi8JbeCSfR3V2k/a5s9XtZv+HU5u/gU9NSYnWGwEoEW6IK7n6LehfrJL3znCUAC0ayEaeiFQuibA=="),
		},
		{
			// Sectigo's test log, which also takes the mark roots among many others.
			Name: "dumbo", URL: "https://dumbo.ctlabs.sectigo.com", Type: scanner.RFC6962, MMD: 24 * time.Hour,
			Key: mustKey("MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEpb+NLT3zUoc4PAWOpxkkvEH24RKv0dn5QanhKK8Ap7ORfcMxhdWX6h21ZppbyVQ+6hA/pkXNBBGyEpi16VyAQA=="),
		},
	}
}

// mustKey decodes a key that is part of the program.
func mustKey(s string) []byte {
	key, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		panic(err)
	}
	return key
}
