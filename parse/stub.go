package parse

const ekuMark = "1.3.6.1.5.5.7.3.31"

func Certificate(der []byte) (*MarkCertificate, error)                              { return nil, ErrNotMark }
func TBS(tbs []byte) (*MarkCertificate, error)                                      { return nil, ErrNotMark }
func Logotype(value []byte) ([]Logo, []Finding, error)                              { return nil, nil, nil }
func TestDomains() []string                                                         { return nil }
func IsTest(sans []SAN) (test bool, reason string)                                  { return false, "" }
func NewSAN(raw string) SAN                                                         { return SAN{Raw: raw} }
func CanonicalNumber(country, identifier string) Trademark                          { return Trademark{} }
func RegisterName(st3 string) string                                                { return "" }
func Family(register, number string) (parentRegister, parentNumber string, ok bool) { return }
func FoldOrganisation(name string) (base, form string)                              { return name, "" }
func (n Name) String() string                                                       { return "" }
func (o Organisation) Key() string                                                  { return "" }
func (m *MarkCertificate) MarkKey() string                                          { return "" }
