package parse_test

import (
	"strings"
	"testing"

	"markwatch/parse"
)

func TestCanonicalNumber(t *testing.T) {
	tests := []struct {
		country, identifier string
		register, number    string
		fits                bool
		link                string // part of the record page; "" for none
	}{
		{"US", "5817930", "US", "5817930", true, "caseNumber=5817930&caseType=US_REGISTRATION_NO"},
		{"us", "5,817,930", "US", "5817930", true, "REGISTRATION_NO"},
		{"US", "Reg. No. 5817930", "US", "5817930", true, "REGISTRATION_NO"},
		{"USA", "US 5817930", "US", "5817930", true, "REGISTRATION_NO"},
		{"US", "0098123", "US", "98123", true, "caseNumber=98123&"},
		{"US", "88/123,456", "US", "88123456", true, "caseNumber=88123456&caseType=SERIAL_NO"},
		{"US", "Serial No. 88-123456", "US", "88123456", true, "SERIAL_NO"},
		{"US", "5817930 (US)", "US", "5817930", true, "REGISTRATION_NO"},
		{"US", "5817930; 5817931", "US", "58179305817931", false, ""},
		{"US", "pending", "US", "PENDING", false, ""},
		{"EM", "018265322", "EM", "018265322", true, "trademarks/018265322"},
		{"EU", "18265322", "EM", "018265322", true, "trademarks/018265322"},
		{"EU", "EUTM 018265322", "EM", "018265322", true, "trademarks/018265322"},
		{"EM", "W01510250", "EM", "W01510250", true, ""},
		{"EM", "W1510250", "EM", "W01510250", true, ""},
		{"EM", "1234567890", "EM", "1234567890", false, ""},
		{"GB", "3647211", "GB", "UK00003647211", true, "Results/1/UK00003647211"},
		{"UK", "UK3647211", "GB", "UK00003647211", true, "Results/1/UK00003647211"},
		{"GB", "UK00003647211", "GB", "UK00003647211", true, "Results/1/UK00003647211"},
		{"GB", "00003647211", "GB", "UK00003647211", true, "Results/1/UK00003647211"},
		{"GB", "UK000003647211", "GB", "UK00003647211", true, "UK00003647211"},
		{"GB", "UK 009 18265322", "GB", "UK00918265322", true, "UK00918265322"},
		{"GB", "WO0000001510250", "GB", "WO0000001510250", true, ""},
		{"GB", "2345678A", "GB", "2345678A", false, ""},
		{"DE", "302012012345", "DE", "302012012345", true, "/302012012345"},
		{"DE", "30 2012 012345.6", "DE", "3020120123456", false, ""},
		{"DE", "39812345", "DE", "39812345", false, ""},
		{"CA", "1,234,567", "CA", "1234567", true, "trademark-search/1234567-00"},
		{"CA", "1234567-00", "CA", "1234567", true, "trademark-search/1234567-00"},
		{"CA", "TMA1,234,567", "CA", "TMA1234567", true, ""},
		{"AU", "1234567", "AU", "1234567", true, "view/1234567"},
		{"FR", "4567890", "FR", "4567890", true, "marques/FR4567890"},
		{"FR", "92/123456", "FR", "92123456", false, ""},
		{"WO", "0835375", "WO", "835375", true, "ID=ROM.835375"},
		{"WO", "IR 1510250 A", "WO", "1510250A", true, "ID=ROM.1510250A"},
		{"CH", "835375", "CH", "835375", true, ""},
		{"BX", "1510250", "BX", "1510250", true, ""},
		{"NO", "NO 0123", "NO", "123", true, ""},
		{"JP", "第6123456号", "JP", "6123456", true, ""},
		{"JP", "登録第６１２３４５６号", "JP", "6123456", true, ""},
		{"KR", "40-1234567-0000", "KR", "4012345670000", true, ""},
		{"SG", "T0412345B", "SG", "T0412345B", true, ""},
		{"United States", "5817930", "US", "5817930", true, "REGISTRATION_NO"},
		{"ir", "835375", "IR", "835375", true, ""},
		{"", "5817930", "", "5817930", false, ""},
		{"Atlantis", "12-3", "", "123", false, ""},
		{"US", "", "US", "", false, ""},
		{"US", "---", "US", "", false, ""},
	}
	for _, tt := range tests {
		got := parse.CanonicalNumber(tt.country, tt.identifier)
		if got.Register != tt.register || got.Number != tt.number || got.Fits != tt.fits {
			t.Errorf("%s %q: %s %s fits %v, want %s %s %v", tt.country, tt.identifier, got.Register, got.Number, got.Fits, tt.register, tt.number, tt.fits)
		}
		if (got.RecordURL != "") != (tt.link != "") || !strings.Contains(got.RecordURL, tt.link) {
			t.Errorf("%s %q: record %q, want %q", tt.country, tt.identifier, got.RecordURL, tt.link)
		}
		if got.Country != tt.country || got.Identifier != tt.identifier {
			t.Errorf("%s %q: raw values are %q %q", tt.country, tt.identifier, got.Country, got.Identifier)
		}
	}
}

// The check digit makes the weighted sum of all thirteen digits a multiple of eleven.
func TestGermanCheckDigit(t *testing.T) {
	fitting := 0
	for check := range 10 {
		number := "302012012345" + string(rune('0'+check))
		got := parse.CanonicalNumber("DE", number)
		if !got.Fits {
			continue
		}
		fitting++
		sum := check
		for i, c := range number[:12] {
			sum += int(c-'0') * (13 - i)
		}
		if sum%11 != 0 || got.Number != number[:12] || !strings.Contains(got.RecordURL, number) {
			t.Errorf("%s: %+v", number, got)
		}
	}
	if fitting != 1 {
		t.Errorf("%d check digits fit, want 1", fitting)
	}
}

func TestFamily(t *testing.T) {
	tests := []struct {
		register, number, parent, parentNumber string
	}{
		{"GB", "UK00918265322", "EM", "018265322"},
		{"GB", "UK00800952838", "WO", "952838"},
		{"GB", "WO0000001510250", "WO", "1510250"},
		{"EM", "W01510250", "WO", "1510250"},
		{"GB", "UK00003647211", "", ""},
		{"EM", "018265322", "", ""},
		{"US", "5817930", "", ""},
		{"GB", "UK00900000000", "", ""},
	}
	for _, tt := range tests {
		register, number, ok := parse.Family(tt.register, tt.number)
		if register != tt.parent || number != tt.parentNumber || ok != (tt.parent != "") {
			t.Errorf("%s %s: %s %s %v, want %s %s", tt.register, tt.number, register, number, ok, tt.parent, tt.parentNumber)
		}
	}
}

func TestRegisterName(t *testing.T) {
	tests := map[string]string{
		"US": "United States Patent and Trademark Office (USPTO)",
		"EM": "European Union Intellectual Property Office (EUIPO)",
		"ZA": "Companies and Intellectual Property Commission, South Africa (CIPC)",
		"AE": "Ministry of Economy, United Arab Emirates",
		"FJ": "trademark register of FJ",
		"":   "",
	}
	for code, want := range tests {
		if got := parse.RegisterName(code); got != want {
			t.Errorf("%q: %q, want %q", code, got, want)
		}
	}
}
