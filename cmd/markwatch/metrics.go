package main

import (
	"maps"
	"strconv"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"markwatch/internal/alert"
	"markwatch/match"
	"markwatch/scanner"
	"markwatch/store"
)

// metrics are what /metrics serves, and what /healthz judges by.
type metrics struct {
	registry *prometheus.Registry

	treeSize, position, lag, verified, isStopped *prometheus.GaugeVec
	alarms                                       *prometheus.GaugeVec
	entries, marks, malformed                    *prometheus.CounterVec
	requests, errors, bytes, suspects, oddities  *prometheus.CounterVec
	insert                                       *prometheus.HistogramVec
	insertErrors                                 *prometheus.CounterVec
	hits, deliveries                             *prometheus.CounterVec
	deliveryDelay                                *prometheus.HistogramVec

	mu     sync.Mutex
	health map[string]*logHealth // by log
}

// logHealth is what is known of a log since the start.
type logHealth struct {
	Size, Next uint64
	Verified   time.Time // also before the start, by what was stored
	Moved      time.Time // when something was last stored
	Stopped    string    // why; "" when it is not

	StoreError  string    // of the last try; "" when the store took the entries
	StoreFailed time.Time // since when it has not

	Marks, Malformed uint64 // since the start

	Suspicions map[scanner.Suspicion]sighting // what its tree heads gave cause for
	Late       int                            // entries merged too late, since the start
	LateSeen   time.Time                      // when the last of them were read
	LateDetail string
}

func newMetrics() *metrics {
	gauge := func(name, help string) *prometheus.GaugeVec {
		return prometheus.NewGaugeVec(prometheus.GaugeOpts{Namespace: "markwatch", Name: name, Help: help}, []string{"log"})
	}
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: "markwatch", Name: name, Help: help}, append([]string{"log"}, labels...))
	}
	m := &metrics{
		registry:  prometheus.NewRegistry(),
		treeSize:  gauge("tree_size", "Entries of the largest verified tree head."),
		position:  gauge("position", "Entries read, proved and stored."),
		lag:       gauge("lag", "Entries of the largest verified tree head that are not stored yet."),
		verified:  gauge("last_verified_timestamp_seconds", "When a tree head last verified."),
		isStopped: gauge("log_stopped", "1 when the log contradicted itself and is not read on."),
		alarms: prometheus.NewGaugeVec(prometheus.GaugeOpts{Namespace: "markwatch", Name: "alarm",
			Help: "1 while an alarm of this kind lasts."}, []string{"log", "kind"}),
		entries:   counter("entries_total", "Entries read and proved since the start."),
		marks:     counter("marks_total", "Mark certificates stored since the start."),
		malformed: counter("malformed_total", "Entries stored since the start that claim to be mark certificates and can't be read."),
		requests:  counter("requests_total", "Requests to the log by endpoint and HTTP status (0: no answer).", "endpoint", "status"),
		errors:    counter("request_errors_total", "Requests that came to nothing, by reason.", "reason"),
		bytes:     counter("response_bytes_total", "Bytes of response bodies."),
		suspects:  counter("suspect_tree_heads_total", "Tree heads that no sound log shows in the ordinary course, by reason.", "reason"),
		oddities:  counter("suspect_entries_total", "Entries that are proved, and not as their log must make them, by reason.", "reason"),
		insert: prometheus.NewHistogramVec(prometheus.HistogramOpts{Namespace: "markwatch", Name: "insert_seconds",
			Help: "Time to store a batch.", Buckets: prometheus.ExponentialBuckets(0.005, 2, 13)}, []string{"log"}),
		insertErrors: counter("insert_errors_total", "Batches that the store did not take at a try."),
		hits: prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: "markwatch", Name: "hits_total",
			Help: "Hits found since the start that are new or say something else, by rule and severity."}, []string{"rule", "severity"}),
		deliveries: prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: "markwatch", Name: "deliveries_total",
			Help: "Tries to send a message since the start, by channel and what became of it: sent, waiting, dead."}, []string{"channel", "state"}),
		deliveryDelay: prometheus.NewHistogramVec(prometheus.HistogramOpts{Namespace: "markwatch", Name: "delivery_delay_seconds",
			Help: "Time from planning a message to its being taken.", Buckets: prometheus.ExponentialBuckets(0.05, 4, 10)}, []string{"channel"}),
		health: map[string]*logHealth{},
	}
	m.registry.MustRegister(m.treeSize, m.position, m.lag, m.verified, m.isStopped, m.alarms, m.entries, m.marks, m.malformed,
		m.requests, m.errors, m.bytes, m.suspects, m.oddities, m.insert, m.insertErrors, m.hits, m.deliveries, m.deliveryDelay,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// of is the health of a log; the caller holds mu.
func (m *metrics) of(log string) *logHealth {
	h := m.health[log]
	if h == nil {
		h = &logHealth{}
		m.health[log] = h
	}
	return h
}

// started shows a log from the first moment on: what was stored before, and a
// 0 for what didn't happen yet, without which no alarm sees the first time.
func (m *metrics) started(log scanner.Log, state *store.LogState) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.of(log.Name).Stopped = ""
	m.isStopped.WithLabelValues(log.Name).Set(0)
	m.verified.WithLabelValues(log.Name).Set(0)
	for _, counter := range []*prometheus.CounterVec{m.entries, m.marks, m.malformed, m.insertErrors} {
		counter.WithLabelValues(log.Name)
	}
	if state != nil {
		h := m.of(log.Name)
		h.Size, h.Next = state.Size, state.Next
		if at := timeOrNil(state.Verified); at != nil && at.After(h.Verified) {
			h.Verified = *at
		}
		if !h.Verified.IsZero() {
			m.verified.WithLabelValues(log.Name).Set(float64(h.Verified.Unix()))
		}
		m.show(log.Name, h)
	}
}

// observe counts what the scanner tells.
func (m *metrics) observe(log scanner.Log, e scanner.Event) {
	switch e := e.(type) {
	case scanner.RequestDone:
		m.requests.WithLabelValues(log.Name, e.Endpoint, strconv.Itoa(e.Status)).Inc()
		m.bytes.WithLabelValues(log.Name).Add(float64(e.Bytes))
	case scanner.Retry:
		m.errors.WithLabelValues(log.Name, e.Reason).Inc()
	case scanner.Garbled:
		m.errors.WithLabelValues(log.Name, "garbled").Inc()
	case scanner.HeadSuspect:
		m.suspects.WithLabelValues(log.Name, string(e.Reason)).Inc()
		m.mu.Lock()
		defer m.mu.Unlock()
		m.of(log.Name).suspect(e, time.Now())
	case scanner.EntrySuspect:
		m.oddities.WithLabelValues(log.Name, string(e.Reason)).Add(float64(e.Count))
		if e.Reason == scanner.EntryLate {
			m.mu.Lock()
			defer m.mu.Unlock()
			h := m.of(log.Name)
			h.Late, h.LateSeen, h.LateDetail = h.Late+e.Count, time.Now(), e.Detail
		}
	case scanner.HeadVerified:
		m.mu.Lock()
		defer m.mu.Unlock()
		h := m.of(log.Name)
		h.Size, h.Verified = max(h.Size, e.Head.Size), time.Now()
		m.verified.WithLabelValues(log.Name).Set(float64(h.Verified.Unix()))
		m.show(log.Name, h)
	}
}

// stored counts a batch that was given to the store.
func (m *metrics) stored(b store.Batch, took time.Duration, err error) {
	log := b.Scan.Log.Name
	m.mu.Lock()
	defer m.mu.Unlock()
	h := m.of(log)
	if err != nil {
		if h.StoreError == "" {
			h.StoreFailed = time.Now()
		}
		h.StoreError = err.Error()
		m.insertErrors.WithLabelValues(log).Inc()
		return
	}
	h.StoreError, h.Moved = "", time.Now()
	h.Marks, h.Malformed = h.Marks+uint64(len(b.Marks)), h.Malformed+uint64(len(b.Malformed))
	m.insert.WithLabelValues(log).Observe(took.Seconds())
	m.entries.WithLabelValues(log).Add(float64(b.Scan.End - b.Scan.Start))
	m.marks.WithLabelValues(log).Add(float64(len(b.Marks)))
	m.malformed.WithLabelValues(log).Add(float64(len(b.Malformed)))
	h.Next, h.Size = b.Scan.End, max(h.Size, b.Scan.Head.Size)
	m.show(log, h)
}

// matched counts hits.
func (m *metrics) matched(c match.Changes) {
	for _, h := range c.Hits {
		m.hits.WithLabelValues(string(h.Rule), string(h.Severity)).Inc()
	}
}

// sent counts tries to send.
func (m *metrics) sent(e alert.Event) {
	m.deliveries.WithLabelValues(e.Channel, e.State).Inc()
	if e.State == store.DeliverySent {
		m.deliveryDelay.WithLabelValues(e.Channel).Observe(e.Delay.Seconds())
	}
}

func (m *metrics) show(log string, h *logHealth) {
	m.treeSize.WithLabelValues(log).Set(float64(h.Size))
	m.position.WithLabelValues(log).Set(float64(h.Next))
	m.lag.WithLabelValues(log).Set(float64(h.Size - min(h.Next, h.Size)))
}

// stopped records that a log is not read on, and why.
func (m *metrics) stopped(log scanner.Log, why string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.of(log.Name).Stopped = why
	m.isStopped.WithLabelValues(log.Name).Set(1)
}

// alarmed shows whether an alarm lasts.
func (m *metrics) alarmed(log scanner.Log, kind string, lasts bool) {
	value := 0.0
	if lasts {
		value = 1
	}
	m.alarms.WithLabelValues(log.Name, kind).Set(value)
}

// healthOf copies the health of a log.
func (m *metrics) healthOf(log string) logHealth {
	m.mu.Lock()
	defer m.mu.Unlock()
	h := *m.of(log)
	h.Suspicions = maps.Clone(h.Suspicions)
	return h
}
