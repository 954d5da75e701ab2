package notice_test

import (
	"testing"

	"markwatch/internal/alert/notice"
)

// BenchmarkMail is what a mail about one hit takes: subject, text and HTML.
func BenchmarkMail(b *testing.B) {
	r, m := renderer(b), notice.Sample(notice.KindHit)
	for b.Loop() {
		for _, render := range []func() (string, error){
			func() (string, error) { return r.Subject(m) },
			func() (string, error) { return r.Text(m) },
			func() (string, error) { return r.HTML(m, func(sha string) string { return sha }) },
		} {
			if _, err := render(); err != nil {
				b.Fatal(err)
			}
		}
	}
}

// BenchmarkJSON is what a webhook about one hit takes.
func BenchmarkJSON(b *testing.B) {
	m := notice.Sample(notice.KindHit)
	for b.Loop() {
		if _, err := notice.JSON(m); err != nil {
			b.Fatal(err)
		}
	}
}
