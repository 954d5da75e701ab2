package evidence

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	stdasn1 "encoding/asn1"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"

	"markwatch/parse"
	"markwatch/scanner"
)

// issuance checks an issuance and its entries.
func (v *verifier) issuance(i manifestIssuance) {
	tbs := v.need(i.Folder + "/tbs.der")
	if tbs == nil {
		return
	}
	sum := hexOf(sha256.Sum256(tbs))
	err := error(nil)
	if sum != i.TBSSHA256 {
		err = fmt.Errorf("its SHA-256 is %s, not the %s that the manifest says", sum, i.TBSSHA256)
	}
	v.check(i.Folder+"/tbs.der", "its SHA-256 is the issuance's", err)
	if len(i.Entries) == 0 {
		v.check(manifestName, "each issuance has a log entry", errors.New(i.Folder+" has none"))
	}
	proved := false
	for n, e := range i.Entries {
		entry, ok := v.entry(e, tbs)
		proved = proved || ok && e.Unproved == ""
		if entry != nil && n == 0 {
			v.statements(i, entry.Mark)
			v.logo(i, entry.Mark)
		}
	}
	if !proved && i.Folder == "found" {
		v.check(manifestName, "an entry of the certificate is proved", errors.New("none is"))
	}
}

// statements checks what the manifest says of a certificate.
func (v *verifier) statements(i manifestIssuance, m *parse.MarkCertificate) {
	want := (&Issuance{TBSSHA256: hexOf(m.TBSSHA256), Mark: m}).manifest(i.Folder)
	want.Entries = i.Entries
	a, errA := json.Marshal(want)
	b, errB := json.Marshal(i)
	err := errors.Join(errA, errB)
	if err == nil && !bytes.Equal(a, b) {
		err = fmt.Errorf("what it says of %s is not what the certificate says", i.Folder)
	}
	v.check(manifestName, "organisation, domains, dates, issuer and serial number of "+i.Folder+" are the certificate's", err)
}

// logo checks that the logo is the one that the certificate carries.
func (v *verifier) logo(i manifestIssuance, m *parse.MarkCertificate) {
	name := i.Folder + "/logo.svg"
	if m.Logo == nil || m.Logo.SVG == nil {
		if _, ok := v.data[name]; ok {
			v.check(name, "it is the certificate's logo", errors.New("the certificate carries no logo"))
		}
		return
	}
	if svg := v.need(name); svg != nil {
		v.check(name, "it is the logo that the certificate carries", same(svg, m.Logo.SVG, "the one in the certificate's logotype extension"))
		v.logoHashes(name, m.Logo)
	}
}

// logoHashes checks the hashes that the certificate gives of its logo.
func (v *verifier) logoHashes(name string, l *parse.Logo) {
	for _, h := range l.Hashes {
		claim := "its " + h.Algorithm + " is the one in the certificate"
		if h.Matches {
			v.check(name, claim, nil)
		} else {
			v.note(name, claim, "it is not; the certificate was issued so")
		}
	}
}

// entry checks a log entry: that the leaf is the certificate's, and its proof.
func (v *verifier) entry(e manifestEntry, tbs []byte) (*parse.Entry, bool) {
	before := len(v.out.Problems())
	leaf, extra := v.need(e.Folder+"/leaf_input.bin"), v.need(e.Folder+"/extra_data.bin")
	if leaf == nil || extra == nil {
		return nil, false
	}
	entry, err := parse.Leaf(leaf, extra)
	if !v.check(e.Folder+"/leaf_input.bin", "it is the leaf of a mark certificate", err) {
		return nil, false
	}
	v.check(e.Folder+"/leaf_input.bin", "the certificate belongs to the leaf: its TBSCertificate is "+tbsClaim(entry), same(entry.Mark.TBS, tbs, "that of tbs.der"))
	v.leaf(e, leaf, entry)
	v.certificate(e, entry)
	v.chain(e, entry)
	v.proof(e, leafHash(leaf))
	return entry, len(v.out.Problems()) == before
}

// tbsClaim says how tbs.der is in the leaf.
func tbsClaim(e *parse.Entry) string {
	if e.Type == parse.PrecertEntry {
		return "tbs.der"
	}
	return "tbs.der, with an SCT list added"
}

// leaf checks what the manifest says of the leaf.
func (v *verifier) leaf(e manifestEntry, leaf []byte, entry *parse.Entry) {
	var err error
	switch hash := hexOf(leafHash(leaf)); {
	case hash != e.LeafHash:
		err = fmt.Errorf("SHA-256(0, leaf) is %s, not the %s that the manifest says", hash, e.LeafHash)
	case entry.Type.String() != e.Type:
		err = fmt.Errorf("it is a %s, not the %s that the manifest says", entry.Type, e.Type)
	case !entry.Timestamp.Equal(e.Timestamp):
		err = fmt.Errorf("its timestamp is %s, not the %s that the manifest says", entry.Timestamp, e.Timestamp)
	}
	v.check(e.Folder+"/leaf_input.bin", "leaf hash, type and timestamp are the manifest's", err)
}

// certificate checks the certificate's files against the leaf.
func (v *verifier) certificate(e manifestEntry, entry *parse.Entry) {
	base := e.Folder + "/" + certificateName(e.Type)
	if entry.Mark.DER == nil {
		if _, ok := v.data[base+".der"]; ok {
			v.check(e.Folder+"/extra_data.bin", "it holds the precertificate that the leaf is of", errors.New("it doesn't, though the pack has one"))
		}
		v.note(e.Folder+"/extra_data.bin", "it holds the precertificate that the leaf is of", "it doesn't: the log sent none; the leaf's TBSCertificate says the same")
		return
	}
	if der := v.need(base + ".der"); der != nil {
		v.check(base+".der", "it is the leaf's", same(der, entry.Mark.DER, "the certificate of the leaf"))
	}
	v.pem(base+".pem", "CERTIFICATE", entry.Mark.DER)
}

// pem checks a PEM file against its DER.
func (v *verifier) pem(name, label string, ders ...[]byte) {
	var want []byte
	for _, der := range ders {
		want = append(want, toPEM(label, der)...)
	}
	if got := v.need(name); got != nil {
		v.check(name, "it is the DER file in PEM", same(got, want, "that"))
	}
}

// chain checks the chain against extra_data, and who signed what.
func (v *verifier) chain(e manifestEntry, entry *parse.Entry) {
	if len(entry.Chain) != e.Chain {
		v.check(manifestName, "the chain has as many certificates as extra_data", fmt.Errorf("it says %d of %s, which has %d", e.Chain, e.Folder, len(entry.Chain)))
		return
	}
	signed := entry.Mark.DER
	for n, der := range entry.Chain {
		name := fmt.Sprintf("%s/chain-%d.der", e.Folder, n+1)
		if got := v.need(name); got != nil {
			v.check(name, "it is the one in extra_data.bin", same(got, der, "the chain's certificate"))
		}
		claim := "its key signed the certificate before it"
		if err := issued(signed, der); err != nil {
			v.note(name, claim, "not confirmed: "+err.Error())
		} else {
			v.check(name, claim, nil)
		}
		signed = der
	}
	if e.Chain > 0 {
		v.pem(e.Folder+"/chain.pem", "CERTIFICATE", entry.Chain...)
	}
}

// issued checks the signature of a certificate by its issuer's key.
func issued(der, issuer []byte) error {
	ca, err := x509.ParseCertificate(issuer)
	if err != nil {
		return fmt.Errorf("the issuer's certificate: %w", err)
	}
	// The certificate itself is taken apart by hand: it may be odd inside.
	in := cryptobyte.String(der)
	var cert, tbs, algorithm cryptobyte.String
	var signature []byte
	var id stdasn1.ObjectIdentifier
	if !in.ReadASN1(&cert, asn1.SEQUENCE) || !cert.ReadASN1Element(&tbs, asn1.SEQUENCE) || !cert.ReadASN1(&algorithm, asn1.SEQUENCE) ||
		!algorithm.ReadASN1ObjectIdentifier(&id) || !cert.ReadASN1BitStringAsBytes(&signature) {
		return errors.New("the certificate before it can't be taken apart")
	}
	kind := signatureAlgorithm(id.String())
	if kind == x509.UnknownSignatureAlgorithm {
		return fmt.Errorf("the signature algorithm %s isn't known here", id)
	}
	return ca.CheckSignature(kind, tbs, signature)
}

// signatureAlgorithm names the algorithms that mark certificates are signed with.
func signatureAlgorithm(id string) x509.SignatureAlgorithm {
	switch id {
	case "1.2.840.113549.1.1.11":
		return x509.SHA256WithRSA
	case "1.2.840.113549.1.1.12":
		return x509.SHA384WithRSA
	case "1.2.840.113549.1.1.13":
		return x509.SHA512WithRSA
	case "1.2.840.10045.4.3.2":
		return x509.ECDSAWithSHA256
	case "1.2.840.10045.4.3.3":
		return x509.ECDSAWithSHA384
	case "1.2.840.10045.4.3.4":
		return x509.ECDSAWithSHA512
	}
	return x509.UnknownSignatureAlgorithm
}

// proof checks key, tree head and inclusion proof of an entry.
func (v *verifier) proof(e manifestEntry, leaf scanner.Hash) {
	if e.Unproved != "" {
		v.note(manifestName, "entry "+fmt.Sprint(e.Index)+" of "+e.Log+" is proved", "it is NOT PROVED: "+e.Unproved)
		return
	}
	key := v.need(e.Folder + "/log_key.der")
	if key == nil || !v.key(e, key) {
		return
	}
	log := scanner.Log{Name: e.Log, Key: key}
	if head, ok := v.head(e, log); ok {
		v.inclusion(e, leaf, head)
	}
}

// key checks that the key is the log's.
func (v *verifier) key(e manifestEntry, key []byte) bool {
	name := e.Folder + "/log_key.der"
	sum := sha256.Sum256(key)
	var err error
	if id := base64.StdEncoding.EncodeToString(sum[:]); id != e.LogID {
		err = fmt.Errorf("its SHA-256 is the log id %s, not %s", id, e.LogID)
	}
	ok := v.check(name, "its SHA-256 is the log's id", err)
	v.pem(e.Folder+"/log_key.pem", "PUBLIC KEY", key)
	v.owner(e, key)
	return ok
}

// owner tells whether the key is a known log's; once of each key.
func (v *verifier) owner(e manifestEntry, key []byte) {
	name := e.Folder + "/log_key.der"
	i := slices.IndexFunc(v.known, func(l scanner.Log) bool { return bytes.Equal(l.Key, key) })
	if i >= 0 {
		v.check(name, "it is the key of the log "+v.known[i].Name+", which this markwatch knows", nil)
	} else if !v.strangers[e.LogID] {
		v.strangers[e.LogID] = true
		v.note(name, "it is the key of the log "+e.Log, "this markwatch knows no log of this key: compare the log id "+e.LogID+" with the one that the log's operator publishes")
	}
}

// head checks the tree head and its signature.
func (v *verifier) head(e manifestEntry, log scanner.Log) (scanner.TreeHead, bool) {
	name := e.Folder + "/tree_head.json"
	raw := v.need(name)
	if raw == nil {
		return scanner.TreeHead{}, false
	}
	head, err := scanner.ParseTreeHead(log, raw)
	if err == nil {
		err = scanner.VerifyTreeHead(log, head)
	}
	if !v.check(name, "the log's key signed it", err) {
		return head, false
	}
	if hexOf(head.Root) != e.RootHash || head.Size != e.TreeSize {
		v.check(manifestName, "it says the tree head's size and root", fmt.Errorf("it says %d and %s of %s, the tree head %d and %x", e.TreeSize, e.RootHash, e.Folder, head.Size, head.Root))
	}
	if signed := v.need(e.Folder + "/tree_head_signed.bin"); signed != nil {
		v.check(e.Folder+"/tree_head_signed.bin", "it is what the log signed", same(signed, scanner.SignedBytes(head), "the signed bytes of tree_head.json"))
	}
	if sig := v.need(e.Folder + "/tree_head.sig"); sig != nil {
		v.check(e.Folder+"/tree_head.sig", "it is the tree head's signature", same(sig, head.Signature[4:], "the signature of tree_head.json"))
	}
	return head, true
}

// inclusion checks the audit path.
func (v *verifier) inclusion(e manifestEntry, leaf scanner.Hash, head scanner.TreeHead) {
	name := e.Folder + "/inclusion_proof.json"
	text := v.need(name)
	if text == nil {
		return
	}
	var p inclusionProof
	if err := json.Unmarshal(text, &p); err != nil {
		v.check(name, "it can be read", err)
		return
	}
	var err error
	if p.Index != e.Index || p.TreeSize != head.Size || p.LeafHash != hexOf(leaf) || p.RootHash != hexOf(head.Root) {
		err = errors.New("its index, tree size, leaf hash and root aren't those of leaf, manifest and tree head")
	}
	v.check(name, "it is of this leaf and this tree head", err)
	path, err := pathOf(p.Path)
	if err == nil {
		err = scanner.VerifyInclusion(e.Index, head.Size, leaf, path, head.Root)
	}
	v.check(name, fmt.Sprintf("it proves that the leaf is entry %d of the tree of %d entries", e.Index, head.Size), err)
}

// pathOf reads the nodes of an audit path.
func pathOf(texts []string) ([]scanner.Hash, error) {
	const most = 64
	if len(texts) > most {
		return nil, fmt.Errorf("it has %d nodes: a tree has fewer than %d levels", len(texts), most)
	}
	var path []scanner.Hash
	for _, text := range texts {
		b, err := hex.DecodeString(text)
		if err != nil || len(b) != sha256.Size {
			return nil, fmt.Errorf("%.80q is no SHA-256", text)
		}
		path = append(path, scanner.Hash(b))
	}
	return path, nil
}
