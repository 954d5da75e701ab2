package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"

	"markwatch/scanner"
)

// shutdownPatience is how long requests in flight may take when watch ends.
const shutdownPatience = 5 * time.Second

// serving is the HTTP server of a watch; the zero value serves nothing.
type serving struct {
	done chan error
}

// startServer serves until ctx ends.
func (w *watcher) startServer(ctx context.Context) (serving, error) {
	if w.listen == "" {
		return serving{}, nil
	}
	listener, err := net.Listen("tcp", w.listen)
	if err != nil {
		return serving{}, fmt.Errorf("serving on %s: %w; another markwatch may be running: choose an address with --listen, or --listen \"\" to serve nothing", w.listen, err)
	}
	w.log.Info("serving /healthz, /metrics and the feeds", "address", "http://"+listener.Addr().String())
	server := &http.Server{Handler: w.handler(time.Now()), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: time.Minute}
	s := serving{make(chan error, 1)}
	go func() {
		<-ctx.Done()
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownPatience)
		defer cancel()
		s.done <- server.Shutdown(end)
	}()
	go func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			w.log.Error("serving ended", "error", err)
		}
	}()
	return s, nil
}

// wait returns when the server has ended; its context must have ended before.
func (s serving) wait() error {
	if s.done == nil {
		return nil
	}
	return <-s.done
}

func (w *watcher) handler(started time.Time) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(w.metrics.registry, promhttp.HandlerOpts{}))
	mux.HandleFunc("GET /healthz", func(rw http.ResponseWriter, r *http.Request) { w.healthz(rw, r, started) })
	(&feeds{w: w, dispatcher: w.dispatcher, renderer: w.renderer, started: started}).register(mux)
	return mux
}

// logReport is what /healthz says of a log.
type logReport struct {
	Log      string    `json:"log"`
	OK       bool      `json:"ok"`
	Problem  string    `json:"problem,omitempty"`
	TreeSize uint64    `json:"tree_size"`
	Position uint64    `json:"position"`
	Verified time.Time `json:"last_verified,omitzero"`
	Alarms   []string  `json:"alarms,omitempty"` // their kinds
}

// healthz answers 200 when the store answers, takes what is read, and no log is
// stopped or has an alarm of those with which markwatch isn't well; else 503. The
// body says which.
func (w *watcher) healthz(rw http.ResponseWriter, r *http.Request, started time.Time) {
	report := struct {
		OK    bool        `json:"ok"`
		Store string      `json:"store"`
		Logs  []logReport `json:"logs"`
	}{OK: true, Store: "ok"}
	ctx, cancel := context.WithTimeout(r.Context(), 5*time.Second)
	defer cancel()
	if err := w.store.Conn().Ping(ctx); err != nil {
		report.OK, report.Store = false, err.Error()
	}
	for _, log := range w.roster.following() {
		l := w.reportOf(log, started, time.Now())
		report.OK = report.OK && l.OK
		report.Logs = append(report.Logs, l)
	}
	rw.Header().Set("Content-Type", "application/json")
	if !report.OK {
		rw.WriteHeader(http.StatusServiceUnavailable)
	}
	if err := json.NewEncoder(rw).Encode(report); err != nil {
		w.log.Debug("answering /healthz", "error", err)
	}
}

// reportOf is what /healthz says of a log.
func (w *watcher) reportOf(log scanner.Log, started, now time.Time) logReport {
	h, alarms := w.metrics.healthOf(log.Name), w.judge(log, started, now)
	l := logReport{Log: log.Name, Problem: problem(h, alarms), TreeSize: h.Size, Position: h.Next, Verified: h.Verified, Alarms: raised(alarms)}
	l.OK = l.Problem == ""
	return l
}
