package main

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"time"

	"markwatch/internal/ctlogtest"
	"markwatch/internal/marktest"
)

// Sizes of TLS entries in today's general logs, about.
const (
	tlsLeafBytes  = 1500
	tlsExtraBytes = 4500
	tlsPool       = 1000 // different certificates; their timestamps make every leaf another
)

// served is what a log's process says of itself, as one line of JSON.
type served struct {
	URL       string  `json:"url"`
	Key       string  `json:"key"`
	Entries   uint64  `json:"entries"`
	Marks     uint64  `json:"marks"`
	LeafBytes float64 `json:"leaf_bytes"` // mean
}

// serve fills a log and serves it until standard input ends.
func serve(args []string) error {
	flags := flag.NewFlagSet("serve", flag.ExitOnError)
	entries := flags.Int("entries", 1000, "entries of the log")
	share := flags.Float64("marks", 1, "share of them that are marks")
	late := flags.Duration("late", 0, "how late each answer comes")
	if err := flags.Parse(args); err != nil {
		return err
	}
	most := 1000 // as CTFE gives
	if *share == 1 {
		most = 256 // as the log gives that is approved for marks
	}
	log := ctlogtest.New(ctlogtest.Options{Name: "bench", MaxGetEntries: most})
	about := fill(log, *entries, *share)
	log.Publish()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	about.URL = "http://" + listener.Addr().String()
	about.Key = base64.StdEncoding.EncodeToString(log.PublicKey())
	if err := json.NewEncoder(os.Stdout).Encode(about); err != nil {
		return err
	}
	server := &http.Server{Handler: delayed(log.Handler(), *late), ReadHeaderTimeout: time.Minute}
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin) // until who started us goes
		server.Close()
	}()
	if err := server.Serve(listener); err != http.ErrServerClosed {
		return err
	}
	return nil
}

// delayed answers late, as a server far away does.
func delayed(h http.Handler, late time.Duration) http.Handler {
	if late == 0 {
		return h
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-time.After(late):
			h.ServeHTTP(w, r)
		}
	})
}

// fill adds entries, spreading the marks among them evenly as pairs.
func fill(log *ctlogtest.Log, entries int, share float64) served {
	ca := marktest.NewCA("Bench CA")
	var leaves [][]byte
	for i := range tlsPool {
		leaves = append(leaves, padded(ca.IssueTLS(fmt.Sprintf("host-%d.example", i), i).Certificate, tlsLeafBytes))
	}
	extra := padded(nil, tlsExtraBytes)
	about := served{Entries: uint64(entries)}
	for n := uint64(0); n < uint64(entries); {
		if float64(about.Marks) < share*float64(n+1) && n+2 <= uint64(entries) {
			addPair(log, ca, about.Marks/2)
			about.Marks += 2
			n += 2
			continue
		}
		log.AddRaw(x509Leaf(1_700_000_000_000+n, leaves[n%tlsPool]), extra)
		about.LeafBytes += tlsLeafBytes
		n++
	}
	about.LeafBytes /= float64(entries)
	return about
}

// mark is issuance n of a world of 25,000 organisations with a renewal now and then.
func mark(n uint64) marktest.Spec {
	organisation := n % 25_000
	spec := marktest.Registered(fmt.Sprintf("Bench %d Works Ltd", organisation), fmt.Sprintf("bench-%d.example", organisation), n)
	spec.TrademarkIdentifier = fmt.Sprintf("UK%011d", 3_000_000+organisation)
	spec.RegistrationNumber = fmt.Sprintf("%08d", organisation)
	spec.SVG = marktest.SVG(spec.Organisation, organisation)
	return spec
}

func addPair(log *ctlogtest.Log, ca *marktest.CA, n uint64) {
	spec := mark(n)
	issued := ca.Issue(spec)
	sct, _ := log.AddPreChain(issued.Precertificate, issued.TBS, issued.IssuerKeyHash, issued.Chain...)
	final := ca.Issue(spec, sct)
	log.AddChain(append([][]byte{final.Certificate}, final.Chain...)...)
}

// x509Leaf is a MerkleTreeLeaf (RFC 6962, section 3.4) of an x509_entry.
func x509Leaf(ms uint64, der []byte) []byte {
	b := binary.BigEndian.AppendUint64([]byte{0, 0}, ms)
	b = append(b, 0, 0, byte(len(der)>>16), byte(len(der)>>8), byte(len(der)))
	return append(append(b, der...), 0, 0)
}

// padded makes b as long as real ones are; what is scanned for marks is every byte.
func padded(b []byte, size int) []byte {
	for i := len(b); i < size; i++ {
		b = append(b, byte(i*2654435761>>13))
	}
	return b
}
