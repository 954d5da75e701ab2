package chdb

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"
)

const (
	// maxSocketPath is what every system's struct sockaddr_un takes, with its final NUL (Linux 108, others 104).
	maxSocketPath = 103
	// socketDirPrefix begins the name of a directory for a socket whose path would be longer.
	socketDirPrefix = "markwatch-"
	// maxRequestHeader bounds what a client may send in parameters, among them `param_x` with whole documents.
	maxRequestHeader = 16 << 20
	// pingTimeout is how long an owner may take to say that it is there.
	pingTimeout = 2 * time.Second
)

// listen opens the owner's socket for this user only. A socket that a dead owner left is removed. Where the path in dir would be
// too long for a socket, it is in a new private directory, of which the lock file tells.
func listen(dir string, left ownership) (net.Listener, error) {
	if left.Socket != "" {
		removeSocket(dir, left.Socket)
	}
	path := filepath.Join(dir, socketFile)
	if len(path) > maxSocketPath {
		short, err := os.MkdirTemp("", socketDirPrefix)
		if err != nil {
			return nil, fmt.Errorf("making a directory for the store's socket: %w%s", err, remedy(err))
		}
		path = filepath.Join(short, socketFile)
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("removing a dead owner's socket: %w%s", err, remedy(err))
	}
	listener, err := net.Listen("unix", path)
	if err != nil {
		return nil, fmt.Errorf("opening the store's socket %s: %w%s", path, err, remedy(err))
	}
	// Until here the umask decides; any but an empty one lets nobody else connect.
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, errors.Join(fmt.Errorf("closing the store's socket to others: %w", err), listener.Close())
	}
	return listener, nil
}

// removeSocket removes a socket of dir, with the directory that was made for it, if one was. The path comes from a file: nothing that
// is not named as a socket of ours is touched.
func removeSocket(dir, path string) {
	if filepath.Base(path) != socketFile {
		return
	}
	if info, err := os.Lstat(path); err == nil && info.Mode().Type() == os.ModeSocket {
		_ = os.Remove(path)
	}
	if parent := filepath.Dir(path); parent != filepath.Clean(dir) && strings.HasPrefix(filepath.Base(parent), socketDirPrefix) {
		_ = os.Remove(parent) // refused unless it is empty
	}
}

// serve answers the socket's connections until the server is closed.
func serve(listener net.Listener, handler http.Handler, logger *slog.Logger) *http.Server {
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: time.Minute,
		MaxHeaderBytes:    maxRequestHeader,
		ErrorLog:          slog.NewLogLogger(logger.Handler(), slog.LevelDebug),
	}
	go func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			logger.Error("serving the store's socket", "error", err)
		}
	}()
	return server
}

// remote is the RoundTripper to the process that owns the directory.
type remote struct {
	dir  string
	http *http.Transport
}

// newRemote connects to the owner at path, when it is first used.
func newRemote(dir, path string) *remote {
	return &remote{dir: dir, http: &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "unix", path)
		},
		DisableCompression:  true,
		MaxIdleConnsPerHost: 16,
		IdleConnTimeout:     time.Minute,
	}}
}

// RoundTrip sends a request to the owner.
func (t *remote) RoundTrip(r *http.Request) (*http.Response, error) {
	request := r.Clone(r.Context())
	request.URL.Scheme, request.URL.Host, request.URL.User = "http", "markwatch", nil
	response, err := t.http.RoundTrip(request)
	if err != nil && r.Context().Err() == nil {
		return nil, fmt.Errorf("the markwatch process that held the store %s does not answer any more; ask again: %w", t.dir, err)
	}
	return response, err
}

// ping says whether the owner is there and serves.
func (t *remote) ping(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, pingTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://markwatch/ping", nil)
	if err != nil {
		return err
	}
	response, err := t.RoundTrip(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(io.LimitReader(response.Body, 1<<10))
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("the owner says %q", text)
	}
	return err
}
