package main

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus/promhttp"

	"markwatch/scanner"
	"markwatch/store"
)

// TestMetricsFromTheStart guards that a log has its numbers before anything
// happens: where it stands after a restart, and zeros that alarms can count from.
func TestMetricsFromTheStart(t *testing.T) {
	m := newMetrics()
	log := scanner.Log{Name: "larkspur"}
	m.started(log, &store.LogState{Size: 100, Next: 90})
	m.observe(log, scanner.HeadVerified{Head: scanner.TreeHead{Size: 120}})
	m.observe(log, scanner.Garbled{Log: log.Name, Start: 90, End: 100})
	answer := httptest.NewRecorder()
	promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{}).ServeHTTP(answer, httptest.NewRequest("GET", "/metrics", nil))
	for _, want := range []string{
		`markwatch_tree_size{log="larkspur"} 120`,
		`markwatch_position{log="larkspur"} 90`,
		`markwatch_lag{log="larkspur"} 30`,
		`markwatch_log_stopped{log="larkspur"} 0`,
		`markwatch_request_errors_total{log="larkspur",reason="garbled"} 1`,
		`markwatch_malformed_total{log="larkspur"} 0`,
		`markwatch_insert_errors_total{log="larkspur"} 0`,
	} {
		if !strings.Contains(answer.Body.String(), want+"\n") {
			t.Errorf("/metrics lacks %s", want)
		}
	}
}
