package parse_test

import (
	"testing"

	"markwatch/internal/marktest"
	"markwatch/parse"
)

func TestFoldOrganisation(t *testing.T) {
	tests := []struct{ name, base, form string }{
		{"Pocket Heron, Inc.", "pocket heron", "inc"},
		{"POCKET HERON INC", "pocket heron", "inc"},
		{"Pocket  Heron Incorporated", "pocket heron", "inc"},
		{"Pocket Heron L.L.C", "pocket heron", "llc"},
		{"Pocket Heron L. L. C.", "pocket heron", "llc"},
		{"Pocket Heron Limited Liability Company", "pocket heron", "llc"},
		{"Ash, Ltd", "ash", "ltd"},
		{"Ash Limited", "ash", "ltd"},
		{"Ash Pty. Ltd.", "ash", "pty ltd"},
		{"Ash Pte. Ltd.", "ash", "pte ltd"},
		{"Ash Private Limited", "ash", "pte ltd"},
		{"Ash Co., Ltd.", "ash", "co ltd"},
		{"Ash & Co.", "ash", "co"},
		{"Ash and Company", "ash", "co"},
		{"Ash & Oak plc", "ash and oak", "plc"},
		{"Ash and Oak PLC", "ash and oak", "plc"},
		{"Ulme Gesellschaft mit beschränkter Haftung", "ulme", "gmbh"},
		{"Ulme GmbH & Co. KG", "ulme", "gmbh and co kg"},
		{"Ulme SE & Co. KGaA", "ulme", "se and co kgaa"},
		{"Ulme AG", "ulme", "ag"},
		{"Ulme SE", "ulme", "se"},
		{"Ulme UG (haftungsbeschränkt)", "ulme", "ug"},
		{"Orme S.A.", "orme", "sa"},
		{"Orme S. A.", "orme", "sa"},
		{"Orme S.A.S.", "orme", "sas"},
		{"Orme S.A.R.L.", "orme", "sarl"},
		{"Olmo S.p.A.", "olmo", "spa"},
		{"Olmo S.r.l.", "olmo", "srl"},
		{"Olmo, S.A. de C.V.", "olmo", "sa de cv"},
		{"Olmo S. de R.L. de C.V.", "olmo", "s de rl de cv"},
		{"Olmo S.L.U.", "olmo", "slu"},
		{"Olmo Ltda.", "olmo", "ltda"},
		{"Ulmeiro, Lda", "ulmeiro", "lda"},
		{"Iep B.V.", "iep", "bv"},
		{"Iep N.V.", "iep", "nv"},
		{"Møllebæk A/S", "mollebaek", "as"},
		{"Møllebæk ApS", "mollebaek", "aps"},
		{"Alm AB", "alm", "ab"},
		{"Alm AB (publ)", "alm", "ab publ"},
		{"Alm ASA", "alm", "asa"},
		{"Jalava Oy", "jalava", "oy"},
		{"Jalava Oyj", "jalava", "oyj"},
		{"Wiąz Sp. z o.o.", "wiaz", "sp z oo"},
		{"Jilm s.r.o.", "jilm", "sro"},
		{"Jilm, spol. s r.o.", "jilm", "sro"},
		{"Jilm a.s.", "jilm", "as"},
		{"Szil Kft.", "szil", "kft"},
		{"Brijest d.o.o.", "brijest", "doo"},
		{"Karaağaç A.Ş.", "karaagac", "as"},
		{"Ulmu S.R.L.", "ulmu", "srl"},
		{"株式会社北の森", "北の森", "kk"},
		{"北の森㈱", "北の森", "kk"},
		{"Kita no Mori K.K.", "kita no mori", "kk"},
		{"北森有限公司", "北森", "co ltd"},
		{"ООО «Вяз»", "вяз", "ooo"},
		{"PT Elm Tbk", "pt elm", "tbk"},
		{"PT Elm", "elm", "pt"},
		{"Elm Sdn. Bhd.", "elm", "sdn bhd"},
		{"Elm Corporation", "elm", "corp"},
		{"Elm N.A.", "elm", "na"},
		{"Elm.com, Inc.", "elm com", "inc"},
		{"Elm-Oak LLP", "elm oak", "llp"},
		{"Elm's Garden", "elms garden", ""},
		{"J. P. Elm", "jp elm", ""},
		{"J.P. Elm", "jp elm", ""},
		{"Ｅｌｍ　Ｉｎｃ．", "elm", "inc"},
		{"Straße Œuvre Łódź Þór", "strasse oeuvre lodz thor", ""},
		{"ΑΛΦΑΣ ΑΕ", "αλφασ", "αε"},
		{"Αλφας Α.Ε.", "αλφασ", "αε"},
		{"株式会社カード", "カード", "kk"},
		{"株式会社ガード", "ガード", "kk"},
		{"株式会社ｶﾞｰﾄﾞ", "ガード", "kk"},
		{"हिन्दी", "हिन्दी", ""},
		{"ดี", "ดี", ""},
		{"חָשׁוּב", "חשוב", ""},
		{"Ulme GmbH und Co. KG", "ulme", "gmbh and co kg"},
		{"Ulme Rechtsanwälte PartG mbB", "ulme rechtsanwalte", "partg mbb"},
		{"Coöperatieve Iep U.A.", "cooperatieve iep", "ua"},
		{"Orme Société par actions simplifiée unipersonnelle", "orme", "sasu"},
		{"Orme ASBL", "orme", "asbl"},
		{"Orme Ltée", "orme", "ltd"},
		{"Olmo Società cooperativa a r.l.", "olmo", "soc coop"},
		{"Olmo Sociedad Anónima Cerrada", "olmo", "sac"},
		{"Ulmeiro Sociedade Limitada", "ulmeiro", "ltda"},
		{"Leamhán Teoranta", "leamhan", "ltd"},
		{"Alm Ekonomisk förening", "alm", "ekonomisk forening"},
		{"Jalava Ky", "jalava", "ky"},
		{"Wiąz Spółka komandytowa", "wiaz", "sp k"},
		{"Jilm v.o.s.", "jilm", "vos"},
		{"Szil Nyilvánosan Működő Részvénytársaság", "szil", "nyrt"},
		{"Brijest j.d.o.o.", "brijest", "jdoo"},
		{"Брест д.о.о.", "брест", "доо"},
		{"Φτελιά Ε.Π.Ε.", "φτελια", "επε"},
		{"Φτελιά Μονοπρόσωπη Ι.Κ.Ε.", "φτελια", "ικε"},
		{"Karaağaç Sanayi ve Ticaret Ltd. Şti.", "karaagac", "ltd sti"},
		{"Общество с ограниченной ответственностью «Вяз»", "вяз", "ooo"},
		{"ЗАО Вяз", "вяз", "jsc"},
		{"Приватне акціонерне товариство «В'яз»", "вяз", "jsc"},
		{"ТОО Карагаш", "карагаш", "too"},
		{"Goba akciju sabiedrība", "goba", "as"},
		{"Elm (OPC) Private Limited", "elm", "pte ltd"},
		{"合名会社ニレ", "ニレ", "gmk"},
		{"בוקיצה בע\"מ", "בוקיצה", "בע מ"},
		{"Dardar S.A.E.", "dardar", "sae"},
		{"Elm (RF) (Pty) Ltd", "elm rf", "pty ltd"},
		{"Elm Unlimited Company", "elm", "uc"},
		{"Elm 4.2 GmbH", "elm 4 2", "gmbh"},
		{"Elm 42 GmbH", "elm 42", "gmbh"},
		{"GmbH", "gmbh", ""},
		{"Co., Ltd.", "co", "ltd"},
		{"!!!", "!!!", ""},
		{"|", "/", ""},
		{" ", "?", ""},
		{"", "", ""},
	}
	for _, tt := range tests {
		if base, form := parse.FoldOrganisation(tt.name); base != tt.base || form != tt.form {
			t.Errorf("%q: %q and %q, want %q and %q", tt.name, base, form, tt.base, tt.form)
		}
	}
}

func TestOrganisationKey(t *testing.T) {
	tests := []struct {
		name string
		a, b parse.Organisation
		same bool
	}{
		{"case",
			parse.Organisation{Name: "POCKET HERON", JurisdictionCountry: "US", RegistrationNumber: "2582101"},
			parse.Organisation{Name: "Pocket Heron", JurisdictionCountry: "us", RegistrationNumber: "2582101"}, true},
		{"legal form",
			parse.Organisation{Name: "Pocket Heron, Inc.", Country: "US", RegistrationNumber: "002-58"},
			parse.Organisation{Name: "Pocket Heron Corporation", JurisdictionCountry: "US", Country: "CA", RegistrationNumber: "258"}, true},
		{"spelling of the legal form",
			parse.Organisation{Name: "Pocket Heron, Inc.", Country: "US"},
			parse.Organisation{Name: "Pocket Heron Incorporated", Country: "US"}, true},
		{"legal form without number",
			parse.Organisation{Name: "Pocket Heron, Inc.", Country: "US"},
			parse.Organisation{Name: "Pocket Heron LLC", Country: "US"}, false},
		{"jurisdiction",
			parse.Organisation{Name: "Pocket Heron", JurisdictionCountry: "US", RegistrationNumber: "1"},
			parse.Organisation{Name: "Pocket Heron", JurisdictionCountry: "GB", RegistrationNumber: "1"}, false},
		{"state without number",
			parse.Organisation{Name: "City of Thistleford", JurisdictionCountry: "US", JurisdictionState: "Vermont"},
			parse.Organisation{Name: "City of Thistleford", JurisdictionCountry: "US", JurisdictionState: "Ohio"}, false},
		{"case of the state",
			parse.Organisation{Name: "City of Thistleford", JurisdictionCountry: "US", JurisdictionState: "Vermont"},
			parse.Organisation{Name: "City of Thistleford", JurisdictionCountry: "US", JurisdictionState: "VERMONT"}, true},
		{"state with number",
			parse.Organisation{Name: "Pocket Heron", JurisdictionCountry: "US", JurisdictionState: "VT", RegistrationNumber: "1"},
			parse.Organisation{Name: "Pocket Heron", JurisdictionCountry: "US", JurisdictionState: "Vermont", RegistrationNumber: "1"}, true},
		{"digits of another keyboard",
			parse.Organisation{Name: "Pocket Heron", JurisdictionCountry: "JP", RegistrationNumber: "０１２３-４５"},
			parse.Organisation{Name: "Pocket Heron", JurisdictionCountry: "JP", RegistrationNumber: "12345"}, true},
		{"number",
			parse.Organisation{Name: "Pocket Heron", JurisdictionCountry: "US", RegistrationNumber: "1"},
			parse.Organisation{Name: "Pocket Heron", JurisdictionCountry: "US", RegistrationNumber: "2"}, false},
	}
	for _, tt := range tests {
		if a, b := tt.a.Key(), tt.b.Key(); (a == b) != tt.same {
			t.Errorf("%s: keys %q and %q", tt.name, a, b)
		}
	}
}

func TestMarkKey(t *testing.T) {
	key := func(change func(*marktest.Spec)) string {
		s := marktest.Registered("Ash Ltd", "ash.example", 1)
		change(&s)
		return read(t, s).MarkKey()
	}
	trademark := func(country, number string) func(*marktest.Spec) {
		return func(s *marktest.Spec) { s.TrademarkCountry, s.TrademarkIdentifier = country, number }
	}
	tests := []struct {
		name, got, want string
	}{
		{"US", key(trademark("US", "5817930")), "tm:US:5817930"},
		{"US with commas", key(trademark("US", "5,817,930")), "tm:US:5817930"},
		{"EM", key(trademark("EM", "018265322")), "tm:EM:018265322"},
		{"EU", key(trademark("EU", "18265322")), "tm:EM:018265322"},
		{"GB", key(trademark("GB", "UK00003647211")), "tm:GB:UK00003647211"},
		{"UK", key(trademark("UK", "3647211")), "tm:GB:UK00003647211"},
		{"clone of EM", key(trademark("GB", "UK00918265322")), "tm:GB:UK00918265322"},
		{"unknown register", key(trademark("Atlantis", "12 34")), "tm:ATLANTIS:1234"},
		{"statute", read(t, kind(t, "government mark")).MarkKey(), "gov:NZ:footpaths emblem act 1987 s 4 2"},
	}
	for _, tt := range tests {
		if tt.got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, tt.got, tt.want)
		}
	}
	citation := func(text string) string {
		s := kind(t, "government mark")
		s.StatuteCitation = text
		return read(t, s).MarkKey()
	}
	if a, b := citation("Emblem Act § 4.2"), citation("Emblem Act § 42"); a == b {
		t.Errorf("two paragraphs are the one mark %q", a)
	}
	if a, b := citation("Emblem Act § 4.2"), citation("EMBLEM ACT §4.2"); a != b {
		t.Errorf("one paragraph is the marks %q and %q", a, b)
	}
	prior := kind(t, "prior use mark")
	a := read(t, prior).MarkKey()
	prior.Nonce++
	if b := read(t, prior).MarkKey(); b != a {
		t.Errorf("re-issued, the mark %q is %q", a, b)
	}
	prior.SVG = marktest.SVG("Pocket Heron", 99)
	if b := read(t, prior).MarkKey(); b == a {
		t.Errorf("with another logo, the mark is still %q", a)
	}
	prior.MediaType, prior.SVG = "image/png", []byte("\x89PNG one")
	a = read(t, prior).MarkKey()
	if prior.SVG = []byte("\x89PNG two"); a == read(t, prior).MarkKey() {
		t.Errorf("two pictures are the one mark %q", a)
	}
}
