package match

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"markwatch/match/domain"
	"markwatch/match/logo"
	"markwatch/match/organisation"
	"markwatch/parse"
)

// Kind is what a watch item is.
type Kind string

// The kinds.
const (
	KindDomain       Kind = "domain"
	KindOrganisation Kind = "organisation"
	KindTrademark    Kind = "trademark"
	KindLogo         Kind = "logo"
	KindLEI          Kind = "lei"    // of an organisation that is the client's own or allowed
	KindNumber       Kind = "number" // its registration number, with the country: "GB 01234567"
)

// Role is what an item is for.
type Role string

// The roles.
const (
	Watch Role = "watch" // what resembles it is a hit
	Own   Role = "own"   // the client's own: its issuances hit nothing of the list
	Allow Role = "allow" // somebody else's who may: neither do theirs
)

// Item is one line of a watch list.
type Item struct {
	ID         string // of list, role, kind and value
	List       string
	Role       Role
	Kind       Kind
	Value      string           // as NewItem writes it
	Register   string           // of a trademark: its ST.3 code
	Image      []byte           // of a logo: its file
	Descriptor *logo.Descriptor // of a logo
	Severity   Severity
	Notes      string
	Starts     time.Time // issuances first logged before it don't count; zero: all do
	// Ends: nor do those logged from then on; zero: all do. What is allowed is so
	// until then: from then on nothing is, whenever it was logged.
	Ends time.Time
}

// NewItem checks what a person wrote and gives it the form in which it is kept
// and compared. A logo's value is the SHA-256 of image; what was written for it
// becomes the notes where there are none.
func NewItem(list string, role Role, kind Kind, value string, image []byte) (Item, error) {
	i := Item{Role: role, Kind: kind, Value: strings.Join(strings.Fields(value), " "), Image: image}
	var err error
	if i.List, err = ListName(list); err != nil {
		return i, err
	}
	if !slices.Contains([]Role{Watch, Own, Allow}, role) {
		return i, fmt.Errorf("there is no role %q; there are: watch, own, allow", role)
	}
	if i.Value == "" && kind != KindLogo {
		return i, fmt.Errorf("the %s to watch is empty", kind)
	}
	if !utf8.ValidString(value) {
		return i, fmt.Errorf("%q is not UTF-8", value)
	}
	if len(i.Value) > 1000 {
		return i, fmt.Errorf("%.40s… is too long for a %s", i.Value, kind)
	}
	if kind != KindLogo && strings.ContainsFunc(i.Value, unicode.IsControl) { // a logo's is the name of its file
		return i, fmt.Errorf("%q has control characters, which no %s has", i.Value, kind)
	}
	if err := i.canonical(); err != nil {
		return i, err
	}
	sum := sha256.Sum256([]byte(strings.Join([]string{i.List, string(i.Role), string(i.Kind), i.Register, i.Value}, "\x00")))
	i.ID = hex.EncodeToString(sum[:])
	return i, nil
}

// ListName is the name of a watch list as it is kept; "" is "default".
func ListName(name string) (string, error) {
	name = strings.TrimSpace(name)
	switch {
	case name == "":
		return "default", nil
	case !utf8.ValidString(name) || strings.ContainsFunc(name, func(r rune) bool { return unicode.Is(unicode.C, r) }) || name == "-":
		return name, fmt.Errorf("%q can't be the name of a list: it has control characters or ones that can't be seen, is no UTF-8, or is the hyphen that stands for no list", name)
	case len(name) > 200:
		return name, fmt.Errorf("%.40s… is too long for the name of a list", name)
	}
	return name, nil
}

// canonical brings the value into the form that tells whether two are the same.
func (i *Item) canonical() error {
	switch i.Kind {
	case KindDomain:
		return i.canonicalDomain()
	case KindTrademark:
		return i.canonicalTrademark()
	case KindOrganisation:
		return nil
	case KindLogo:
		return i.canonicalLogo()
	case KindLEI:
		i.Value = strings.ToUpper(i.Value)
		if len(i.Value) != 20 {
			return fmt.Errorf("%q is no LEI: it has 20 letters and digits (ISO 17442)", i.Value)
		}
	case KindNumber:
		country, number, ok := strings.Cut(i.Value, " ")
		if !ok || len(country) != 2 {
			return fmt.Errorf("%q is no registration number with its country: write, for example, \"GB 01234567\"", i.Value)
		}
		i.Value = strings.ToUpper(country) + " " + number
	default:
		return fmt.Errorf("there is no kind %q; there are: domain, organisation, trademark, logo, and for own and allowed ones lei and number", i.Kind)
	}
	if i.Role == Watch {
		return fmt.Errorf("a %s says whose a certificate is; it can't be watched: add it as --own or --allow", i.Kind)
	}
	return nil
}

// canonicalDomain keeps a domain as A-labels.
func (i *Item) canonicalDomain() error {
	name := domain.Parse(i.Value)
	if name.ASCII == "" {
		return fmt.Errorf("%q is no domain", i.Value)
	}
	if _, err := netip.ParseAddr(name.ASCII); name.Label == "" && err != nil { // an address is watched as it is written
		return fmt.Errorf("%q is a public suffix, under which anyone may register: name a domain under it", i.Value)
	}
	i.Value = name.ASCII
	return nil
}

// canonicalTrademark keeps a registration as "US 1234567": its register's ST.3
// code and canonical number.
func (i *Item) canonicalTrademark() error {
	register, number, ok := strings.Cut(i.Value, " ")
	if !ok && i.Register != "" {
		register, number, ok = i.Register, i.Value, true
	}
	t := parse.CanonicalNumber(register, number)
	if !ok || t.Register == "" || t.Number == "" {
		return fmt.Errorf("%q is no registration: write the register and the number, for example \"US 5,817,930\" or \"EM 018265322\"", i.Value)
	}
	i.Register, i.Value = t.Register, t.Register+" "+t.Number
	return nil
}

// canonicalLogo keeps a logo by its hash, described.
func (i *Item) canonicalLogo() error {
	if i.Role != Watch {
		return fmt.Errorf("a logo can be watched, and not be %s: name the organisation or the domain", i.Role)
	}
	picture, err := logo.Decode(i.Image)
	if err != nil {
		return fmt.Errorf("%s: %w", i.Value, err)
	}
	if i.Descriptor, err = logo.Describe(picture.Image); err != nil {
		return fmt.Errorf("the logo %s can't be watched: %w", i.Value, err)
	}
	sum := sha256.Sum256(i.Image)
	i.Notes, i.Value = CleanNotes(i.Value), hex.EncodeToString(sum[:])
	return nil
}

// CleanNotes gives notes the form in which CSV brings them back: lines end with
// a line feed, and what is not UTF-8, or a zero byte, is replaced.
func CleanNotes(notes string) string {
	return strings.ToValidUTF8(strings.NewReplacer("\r\n", "\n", "\x00", "\ufffd").Replace(notes), "\ufffd")
}

// maxNotes bounds what is noted of an item, in bytes.
const maxNotes = 100_000

// CheckNotes tells whether the notes can be kept.
func (i *Item) CheckNotes() error {
	if len(i.Notes) > maxNotes {
		return fmt.Errorf("the notes have more than %d bytes", maxNotes)
	}
	return nil
}

// CheckTimes tells whether the item ever counts, and cuts its times to the
// milliseconds that are kept.
func (i *Item) CheckTimes() error {
	i.Starts, i.Ends = i.Starts.Truncate(time.Millisecond), i.Ends.Truncate(time.Millisecond)
	for _, t := range []time.Time{i.Starts, i.Ends} {
		if !t.IsZero() && (t.Year() < 1900 || t.Year() > 2261) {
			return fmt.Errorf("%s is no time to watch: it can be from 1900 to 2261", t.Format(time.DateOnly))
		}
	}
	if !i.Ends.IsZero() && !i.Ends.After(i.Starts) {
		return fmt.Errorf("it ends on %s, before it starts on %s", i.Ends.Format(time.RFC3339), i.Starts.Format(time.RFC3339))
	}
	return nil
}

// covers tells whether the item counts for what was first logged at t.
func (i *Item) covers(t time.Time) bool {
	return (i.Starts.IsZero() || !t.Before(i.Starts)) && (i.Ends.IsZero() || t.Before(i.Ends))
}

// whose tells whether the issuance is of the one whom an item that is Own or
// Allow names.
func (i *Item) whose(x *Issuance) bool {
	switch i.Kind {
	case KindDomain:
		return slices.ContainsFunc(x.Domains, func(d string) bool { return d == i.Value || strings.HasSuffix(d, "."+i.Value) })
	case KindTrademark:
		return x.registration() == i.Value
	case KindLEI:
		return strings.EqualFold(x.Party.LEI, i.Value)
	case KindNumber:
		named := i.numbered()
		named.Name = x.Party.Name
		return organisation.Compare(named, x.Party, nil).NumbersAgree
	case KindOrganisation:
		theirs, _ := parse.FoldOrganisation(x.Party.Name)
		ours, _ := parse.FoldOrganisation(i.Value)
		return theirs == ours
	}
	return false
}

// numbered is the organisation that a registration number is of.
func (i *Item) numbered() organisation.Party {
	country, number, _ := strings.Cut(i.Value, " ")
	return organisation.Party{Country: country, RegistrationNumber: number}
}
