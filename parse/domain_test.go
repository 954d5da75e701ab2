package parse_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"markwatch/parse"
)

func TestNewSAN(t *testing.T) {
	tests := []parse.SAN{
		{Raw: "ash.example", Domain: "ash.example", Unicode: "ash.example", Registrable: "ash.example"},
		{Raw: "Mail.ASH.co.uk.", Domain: "mail.ash.co.uk", Unicode: "mail.ash.co.uk", Registrable: "ash.co.uk"},
		{Raw: "default._bimi.ash.example", Selector: "default", Domain: "ash.example", Unicode: "ash.example", Registrable: "ash.example"},
		{Raw: "Winter.Sale._BIMI.shop.ash.example", Selector: "winter.sale", Domain: "shop.ash.example", Unicode: "shop.ash.example", Registrable: "ash.example"},
		{Raw: "_bimi.ash.example", Domain: "ash.example", Unicode: "ash.example", Registrable: "ash.example"},
		{Raw: "xn--bcher-kva.example", Domain: "xn--bcher-kva.example", Unicode: "bücher.example", Registrable: "xn--bcher-kva.example"},
		{Raw: "Bücher.example", Domain: "xn--bcher-kva.example", Unicode: "bücher.example", Registrable: "xn--bcher-kva.example"},
		{Raw: "Bu\u0308cher.ＥＸＡＭＰＬＥ", Domain: "xn--bcher-kva.example", Unicode: "bücher.example", Registrable: "xn--bcher-kva.example"},
		{Raw: "192.0.2.1", Domain: "192.0.2.1", Unicode: "192.0.2.1"},
		{Raw: "xn--a.example", Domain: "xn--a.example", Unicode: "xn--a.example", Registrable: "xn--a.example"}, // U+0080
		{Raw: "xn--\x7f.example", Domain: "xn--\x7f.example", Unicode: "xn--\x7f.example", Registrable: "xn--\x7f.example"},
		{Raw: "*.ash.example", Domain: "*.ash.example", Unicode: "*.ash.example", Registrable: "ash.example"},
		{Raw: "co.uk", Domain: "co.uk", Unicode: "co.uk"},
		{Raw: "me.github.io", Domain: "me.github.io", Unicode: "me.github.io", Registrable: "me.github.io"},
		{Raw: "", Domain: "", Unicode: ""},
		{Raw: "a..example", Domain: "a..example", Unicode: "a..example"},
	}
	for _, want := range tests {
		if diff := cmp.Diff(want, parse.NewSAN(want.Raw)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", want.Raw, diff)
		}
	}
	if got := parse.NewSAN("a\xff.example"); got.Raw != "a\ufffd.example" {
		t.Errorf("invalid UTF-8: %+v", got)
	}
}

func TestIsTest(t *testing.T) {
	tests := []struct {
		names  []string
		test   bool
		reason string
	}{
		{[]string{"testcertificates.com"}, true, "testcertificates.com is of the test domain testcertificates.com"},
		{[]string{"a.grapefruitdesk.com", "r-bimi-test.com"}, true, "a.grapefruitdesk.com is of the test domain grapefruitdesk.com; its other domains are for tests too"},
		{[]string{"mail.test.ash.example"}, true, `mail.test.ash.example has the label "test"`},
		{[]string{"staging.ash.co.uk"}, true, `staging.ash.co.uk has the label "staging"`},
		{[]string{"sandbox.ash.example"}, true, `sandbox.ash.example has the label "sandbox"`},
		{[]string{"test._bimi.ash.example"}, false, ""}, // a selector may have any name
		{[]string{"hytest.com"}, false, ""},
		{[]string{"test.com"}, false, ""},
		{[]string{"contest.ash.example"}, false, ""},
		{[]string{"test.ash.example", "ash.example"}, false, ""},
		{nil, false, ""},
	}
	for _, tt := range tests {
		var sans []parse.SAN
		for _, n := range tt.names {
			sans = append(sans, parse.NewSAN(n))
		}
		if test, reason := parse.IsTest(sans); test != tt.test || reason != tt.reason {
			t.Errorf("%v: %v %q, want %v %q", tt.names, test, reason, tt.test, tt.reason)
		}
	}
}
