package main

import (
	"encoding/base64"
	"time"

	"markwatch/scanner"
)

// builtinLogs are the logs that take mark certificates. Names, addresses and
// keys are those that their operators publish; that each key has its log id is
// tested.
func builtinLogs() []scanner.Log {
	return append([]scanner.Log{
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
	}, tiledLogs()...)
}

// tiledLogs are the shards, by the year and half in which certificates end, of
// the mark logs that speak static-ct-api: Garnet of GoDaddy, which takes mark
// roots alone, and Eszigno of Microsec.
func tiledLogs() []scanner.Log {
	const garnet = "https://ct-log-api-vmark.godaddy.com/"
	shard := func(name, url string, mmd time.Duration, key string) scanner.Log {
		return scanner.Log{Name: name, URL: url, Type: scanner.Static, MMD: mmd, Marks: true, Key: mustKey(key)}
	}
	return []scanner.Log{
		shard("garnet2026h2", garnet+"garnet2026h2", time.Minute,
			"MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE0rThtlkVFsJ3GJRZx7cxyP+ILNU+FC8voGuKmmL4xYdE/coNuOdKqljRX42YYBBAQg4Q3Nwq1YOzJ2BXsArCKg=="),
		shard("garnet2027h1", garnet+"garnet2027h1", time.Minute,
			"MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEvH3tg5dn0fBO9d7AFEWmXioxQSsdddyWAIqe96aYgtBVWJbA8JIthEh7U7kNpg0psgBIzDHY9IQil7kwRshCag=="),
		shard("garnet2027h2", garnet+"garnet2027h2", time.Minute,
			"MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEUgj86/IaSABTzFL5bZlfbqThpBfRgmAd83QLcF+VVp1YFLrlGLtkmktqnhJjRtC4+vo8kifh8bXfBynscYXWFQ=="),
		// Its checkpoints name the submission prefix, another host than the
		// monitoring prefix here.
		shard("eszigno2026h2", "https://eszigno2026h2.mon.ct.e-szigno.hu", 24*time.Hour,
			"MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEvBcE01QW9mpuRViHPCs6zNADkGj+nIM9hHSdqBlWPNIOZDr9Zb9hhUTB/9W5eqRlfynSmrnl1AKTPF836w3J6g=="),
		shard("eszigno2027h1", "https://eszigno2027h1.mon.ct.e-szigno.hu", 24*time.Hour,
			"MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEhuG9m7D8nlSquWGaAF0NXc0ClYZYpEipNa/NeThGlber9tzMoHLRQXncwNBBqcxbXOannRTI/+utdT7wP9S7Jw=="),
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
