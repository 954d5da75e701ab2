package chdb_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"markwatch/store/chdb"
)

// get sends body to handler through the transport within the process.
func get(ctx context.Context, handler http.HandlerFunc, body io.Reader) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://engine/a?b=c", body)
	if err != nil {
		return nil, err
	}
	return (&http.Client{Transport: chdb.LocalTransport(handler)}).Do(request)
}

func TestTransportStreamsBothWays(t *testing.T) {
	requests, feed := io.Pipe()
	response, err := get(context.Background(), func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Test", r.URL.RawQuery)
		w.WriteHeader(http.StatusAccepted)
		_, _ = io.Copy(w, r.Body)
	}, requests)
	if err != nil {
		t.Fatalf("requesting: %v", err)
	}
	if response.StatusCode != http.StatusAccepted || response.Header.Get("X-Test") != "b=c" {
		t.Errorf("the answer is %d %v", response.StatusCode, response.Header)
	}
	for _, word := range []string{"one", "two"} { // each comes back before the next is sent
		echo := make([]byte, len(word))
		if _, err := io.WriteString(feed, word); err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadFull(response.Body, echo); err != nil || string(echo) != word {
			t.Fatalf("%q came back as %q, %v", word, echo, err)
		}
	}
	_ = feed.Close()
	if rest, err := io.ReadAll(response.Body); len(rest) > 0 || err != nil {
		t.Errorf("at the end: %q, %v", rest, err)
	}
}

func TestTransportEnds(t *testing.T) {
	response, err := get(context.Background(), func(http.ResponseWriter, *http.Request) {}, strings.NewReader("x"))
	if err != nil || response.StatusCode != 200 || response.ContentLength != 0 {
		t.Errorf("an empty answer: %+v, %v", response, err)
	}
	for _, tt := range []struct {
		failure any
		want    error
	}{{http.ErrAbortHandler, io.ErrUnexpectedEOF}, {"a bug", nil}} {
		response, err := get(context.Background(), func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, "half")
			panic(tt.failure)
		}, nil)
		if err != nil {
			t.Fatalf("requesting: %v", err)
		}
		text, err := io.ReadAll(response.Body)
		if string(text) != "half" || err == nil || tt.want != nil && !errors.Is(err, tt.want) {
			t.Errorf("a handler that panicked with %v: %q, %v", tt.failure, text, err)
		}
	}
}

func TestTransportCancels(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	begun := make(chan struct{})
	body, _ := io.Pipe()
	go func() { <-begun; cancel() }()
	_, err := get(ctx, func(_ http.ResponseWriter, r *http.Request) {
		close(begun)
		_, err := r.Body.Read(make([]byte, 1))
		ended <- errors.Join(err, r.Context().Err())
	}, body)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("the request ends with %v, want context.Canceled", err)
	}
	if err := <-ended; !errors.Is(err, context.Canceled) || !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("the handler sees %v, want its context cancelled and its body closed", err)
	}
	// Closing the answer ends the handler's writing.
	response, err := get(context.Background(), func(w http.ResponseWriter, _ *http.Request) {
		var err error
		for err == nil {
			_, err = fmt.Fprintln(w, "more")
		}
		ended <- err
	}, nil)
	if err != nil {
		t.Fatalf("requesting: %v", err)
	}
	_ = response.Body.Close()
	if err := <-ended; err == nil {
		t.Error("the handler sees no error after its answer was closed")
	}
}
