package parse

import (
	"strings"
)

// judge turns what was read into the fields that follow from it.
func (r *reader) judge() {
	m := r.m
	r.organisation()
	r.mark()
	m.Class, m.ClassInferred = classify(m)
	m.Test, m.TestReason = IsTest(m.SANs)
	if len(m.Logos) > 0 {
		m.Logo = &m.Logos[0]
	}
	r.judgeType()
	if t := m.Trademark; t != nil && !t.Fits {
		r.find("trademark-number-form", SeverityWarning,
			"trademark identifier "+quote(t.Identifier)+" of "+quote(t.Country)+" hasn't the form of that register's numbers", "WIPO ST.13 and the register's own numbering")
	}
	switch images := r.images(); {
	case images == 0 && r.bad.Part == "":
		r.find("logotype-absent", SeverityError, "it embeds no Mark Representation", "MCR, logotype extension")
	case images > 0 && m.Logo.Role != "subject":
		r.find("logotype-not-subject", SeverityError, "its logo is the "+m.Logo.Role+" logo, not the subject logo", "MCR, logotype extension")
	case images > 1:
		r.find("several-mark-representations", SeverityError, "it embeds more than one Mark Representation", "MCR, logotype extension")
	}
}

// judgeType notes what is odd about markType.
func (r *reader) judgeType() {
	switch {
	case r.m.MarkType == "":
		r.find("mark-type-absent", SeverityNotice, "markType is absent; the class is inferred from the other attributes", "MCR, markType 1.3.6.1.4.1.53087.1.13")
	case r.m.Class == UnknownClass:
		r.find("mark-type-unknown", SeverityWarning, "markType is "+quote(r.m.MarkType)+", which the MCR doesn't name", "MCR, markType 1.3.6.1.4.1.53087.1.13")
	}
}

// images counts the logos that carry an image.
func (r *reader) images() int {
	n := 0
	for i := range r.m.Logos {
		if r.m.Logos[i].Data != nil {
			n++
		}
	}
	return n
}

// organisation collects the Mark Asserting Entity from the subject.
func (r *reader) organisation() {
	o := &r.m.Organisation
	for i := range r.m.Subject {
		a := &r.m.Subject[i]
		switch a.Name {
		case "organizationalUnitName":
			o.Units = append(o.Units, a.Value)
		case "streetAddress":
			o.Streets = append(o.Streets, a.Value)
		default:
			if field := o.field(a.Name); field != nil {
				first(field, a.Value)
			}
		}
	}
}

// field gives the field of an attribute that has one value, nil if there is none.
func (o *Organisation) field(name string) *string {
	switch name {
	case "organizationName":
		return &o.Name
	case "commonName":
		return &o.CommonName
	case "countryName":
		return &o.Country
	case "stateOrProvinceName":
		return &o.State
	case "localityName":
		return &o.Locality
	case "postalCode":
		return &o.PostalCode
	case "jurisdictionCountryName":
		return &o.JurisdictionCountry
	case "jurisdictionStateOrProvinceName":
		return &o.JurisdictionState
	case "jurisdictionLocalityName":
		return &o.JurisdictionLocality
	case "serialNumber":
		return &o.RegistrationNumber
	case "businessCategory":
		return &o.BusinessCategory
	case "legalEntityIdentifier":
		return &o.LEI
	case "organizationIdentifier":
		return &o.OrganizationIdentifier
	}
	return nil
}

// mark collects mark type, trademark, statute and the like from the subject.
func (r *reader) mark() {
	var trademark Trademark
	var statute Statute
	for i := range r.m.Subject {
		a := &r.m.Subject[i]
		switch a.Name {
		case "markType":
			first(&r.m.MarkType, a.Value)
		case "wordMark":
			first(&r.m.WordMark, a.Value)
		case "priorUseMarkSourceURL":
			first(&r.m.PriorUseURL, a.Value)
		case "trademarkOfficeName":
			first(&trademark.OfficeName, a.Value)
		case "trademarkCountryOrRegionName":
			first(&trademark.Country, a.Value)
		case "trademarkIdentifier":
			first(&trademark.Identifier, a.Value)
		case "statuteCountryName":
			first(&statute.Country, a.Value)
		case "statuteStateOrProvinceName":
			first(&statute.State, a.Value)
		case "statuteLocalityName":
			first(&statute.Locality, a.Value)
		case "statuteCitation":
			first(&statute.Citation, a.Value)
		case "statuteURL":
			first(&statute.URL, a.Value)
		}
	}
	if trademark != (Trademark{}) {
		t := CanonicalNumber(trademark.Country, trademark.Identifier)
		t.OfficeName = trademark.OfficeName
		r.m.Trademark = &t
	}
	if statute != (Statute{}) {
		r.m.Statute = &statute
	}
}

// first sets a field that isn't set yet.
func first(field *string, value string) {
	if *field == "" {
		*field = value
	}
}

// classify tells VMC from CMC by markType (MCR, markType), and where that is absent, as it is
// before 2022, by what the other mark types need.
func classify(m *MarkCertificate) (c Class, inferred bool) {
	switch strings.ToLower(strings.Join(strings.Fields(m.MarkType), " ")) {
	case "registered mark", "government mark":
		return VMC, false
	case "prior use mark", "modified registered mark":
		return CMC, false
	case "":
		switch {
		case m.Trademark != nil, m.Statute != nil:
			return VMC, true
		case m.PriorUseURL != "":
			return CMC, true
		}
	}
	return UnknownClass, false
}
