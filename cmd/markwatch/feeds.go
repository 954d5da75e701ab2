package main

import (
	"context"
	"crypto/subtle"
	"errors"
	"net/http"
	"time"

	"markwatch/internal/alert"
	"markwatch/internal/alert/notice"
	"markwatch/store"
)

// feeds serves what the readers of watch lists see: an Atom feed for each list
// at an address that holds its secret, and the pages to which messages link.
// A wrong secret and a missing page are answered alike.
type feeds struct {
	w          *watcher
	dispatcher *alert.Dispatcher
	renderer   *notice.Renderer
	started    time.Time
}

const (
	feedEntries = 100 // newest messages in a feed
	feedTimeout = 30 * time.Second
)

func (f *feeds) register(mux *http.ServeMux) {
	mux.HandleFunc("GET /feeds/{secret}", f.feed)
	mux.HandleFunc("GET /feeds/{secret}/hit/{id}", func(rw http.ResponseWriter, r *http.Request) { f.page(rw, r, f.dispatcher.HitPage) })
	mux.HandleFunc("GET /feeds/{secret}/delivery/{id}", func(rw http.ResponseWriter, r *http.Request) { f.page(rw, r, f.dispatcher.DeliveryPage) })
}

// list finds the list whose secret the request names. A secret that two lists
// have opens neither.
func (f *feeds) list(ctx context.Context, secret string) (store.WatchList, error) {
	lists, err := f.w.store.WatchLists(ctx)
	if err != nil {
		return store.WatchList{}, err
	}
	lists = append(lists, store.WatchList{FeedSecret: f.w.config.Alert.FeedSecret}) // hits of no list
	var found []store.WatchList
	for _, l := range lists {
		if l.FeedSecret != "" && subtle.ConstantTimeCompare([]byte(l.FeedSecret), []byte(secret)) == 1 {
			found = append(found, l)
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return store.WatchList{}, alert.ErrNoPage
	}
	f.w.log.Error("two lists have the same feed address, which is not served: give one another with markwatch watchlist set LIST --new-feed-address", "list", found[0].Name, "other", found[1].Name)
	return store.WatchList{}, alert.ErrNoPage
}

func (f *feeds) feed(rw http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), feedTimeout)
	defer cancel()
	list, err := f.list(ctx, r.PathValue("secret"))
	if err != nil {
		f.fail(rw, err)
		return
	}
	messages, err := f.dispatcher.FeedOf(ctx, list, feedEntries)
	if err != nil {
		f.fail(rw, err)
		return
	}
	self := f.w.config.Alert.Link
	if self == "" {
		self = "http://" + r.Host
	}
	updated := f.started
	if len(messages) > 0 {
		updated = messages[0].At
	}
	body, err := notice.Feed(alert.FeedURL(self, list.FeedSecret), alert.FeedTitle(list), updated, messages)
	if err != nil {
		f.fail(rw, err)
		return
	}
	rw.Header().Set("Content-Type", "application/atom+xml; charset=utf-8")
	f.send(rw, body)
}

// page answers with one message as HTML.
func (f *feeds) page(rw http.ResponseWriter, r *http.Request, message func(context.Context, store.WatchList, string) (*notice.Message, error)) {
	ctx, cancel := context.WithTimeout(r.Context(), feedTimeout)
	defer cancel()
	list, err := f.list(ctx, r.PathValue("secret"))
	if err != nil {
		f.fail(rw, err)
		return
	}
	m, err := message(ctx, list, r.PathValue("id"))
	if err != nil {
		f.fail(rw, err)
		return
	}
	body, err := f.renderer.Page(m)
	if err != nil {
		f.w.log.Error("a template failed; the built-in one was used", "error", err)
	}
	rw.Header().Set("Content-Type", "text/html; charset=utf-8")
	rw.Header().Set("Content-Security-Policy", "default-src 'none'; img-src data:; style-src 'unsafe-inline'")
	f.send(rw, []byte(body))
}

func (f *feeds) send(rw http.ResponseWriter, body []byte) {
	rw.Header().Set("Referrer-Policy", "no-referrer") // the address holds a secret
	rw.Header().Set("X-Content-Type-Options", "nosniff")
	rw.Header().Set("Cache-Control", "private, max-age=60")
	if _, err := rw.Write(body); err != nil {
		f.w.log.Debug("answering for a feed", "error", err)
	}
}

func (f *feeds) fail(rw http.ResponseWriter, err error) {
	if errors.Is(err, alert.ErrNoPage) {
		http.Error(rw, "There is nothing here.", http.StatusNotFound)
		return
	}
	f.w.log.Error("a feed could not be made", "error", err)
	http.Error(rw, "The store does not answer; try again later.", http.StatusServiceUnavailable)
}
