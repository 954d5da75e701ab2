package channel_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"markwatch/internal/alert/channel"
)

// BenchmarkMail sends hits with both logos over one encrypted connection; the
// server's work is in it.
func BenchmarkMail(b *testing.B) {
	cert, ca := certificate(b)
	s := mailServer{mechs: []string{"PLAIN"}}
	ch := one(b, channel.Config{Email: channel.Emails{{
		SMTP: channel.Secret("smtps://markwatch%40example.com@" + s.start(b, cert, true)), Password: mailPassword, CAFile: ca,
		From: "alerts@watch.example", To: []string{"counsel@example.com"},
	}}})
	send(b, ch)
	if s.seen("connect") > 1 {
		b.Errorf("%d connections", s.seen("connect"))
	}
}

// BenchmarkWebhook posts hits over one encrypted connection; the server's work is
// in it.
func BenchmarkWebhook(b *testing.B) {
	server := httptest.NewTLSServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { _, _ = io.Copy(io.Discard, r.Body) }))
	defer server.Close()
	send(b, hookTo(b, server.URL, channel.Webhook{CAFile: caFile(b, server.Certificate())}))
}

func send(b *testing.B, ch channel.Channel) {
	m := message("")
	for i := 0; b.Loop(); i++ {
		m.ID = fmt.Sprintf("%064d", i)
		if err := ch.Send(b.Context(), m); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "sent/s")
}
