package evidence

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"image"
	"image/png"
	"io"
	"slices"
	"strings"
	"time"

	"markwatch/match/logo"
	"markwatch/match/raster"
	"markwatch/parse"
	"markwatch/scanner"
)

// pngSize is the longer side of a logo's PNG.
const pngSize = 1024

// pieces are the files of a pack, by name.
type pieces struct {
	what map[string]string
	data map[string][]byte
}

func (p *pieces) add(name, what string, data []byte) {
	p.what[name], p.data[name] = what, data
}

// names are the pieces' names in order.
func (p *pieces) names() []string {
	var all []string
	for name := range p.data {
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}

// Write writes the pack of a case as a ZIP file. The same case gives the same bytes.
func Write(w io.Writer, c *Case) error {
	p := &pieces{map[string]string{}, map[string][]byte{}}
	m := c.manifest()
	pictures := &pictures{}
	var err error
	for _, part := range []struct {
		folder   string
		issuance *Issuance
		picture  *picture
	}{{"found", c.Found, &pictures.found}, {"other", c.Other, &pictures.other}} {
		if part.issuance == nil {
			continue
		}
		described, err := p.addIssuance(part.folder, part.issuance)
		if err != nil {
			return err
		}
		m.Issuances = append(m.Issuances, described)
		*part.picture = p.addLogo(part.folder, part.issuance.logo())
	}
	if c.Other.logo() == nil && c.otherLogo() != nil {
		pictures.other = p.addWatched(c.otherLogo())
	}
	doc := newReport(c, m, pictures)
	p.add(textName, "the report as plain text, in UTF-8, with every name whole", doc.text())
	p.add(howToName, "how to check the pack without the program that made it", howTo(c, m))
	report, err := doc.pdf(c, m.AsOf)
	if err != nil {
		return err
	}
	p.add(reportName, "the report", report)
	if err := p.addManifest(m); err != nil {
		return err
	}
	return p.zip(w, m.AsOf)
}

// addManifest adds the manifest of the pieces so far, and the sums of all.
func (p *pieces) addManifest(m *manifest) error {
	for _, name := range p.names() {
		m.Pieces = append(m.Pieces, manifestPiece{name, p.what[name], len(p.data[name]), hexOf(sha256.Sum256(p.data[name]))})
	}
	text, err := indented(m)
	if err != nil {
		return fmt.Errorf("writing the manifest: %w", err)
	}
	p.add(manifestName, "", text)
	var sums strings.Builder
	for _, name := range p.names() {
		fmt.Fprintf(&sums, "%x  %s\n", sha256.Sum256(p.data[name]), name)
	}
	p.add(sumsName, "", []byte(sums.String()))
	return nil
}

// zip writes the pieces in order, dated as the case is. They are stored as they
// are, so that the bytes don't depend on a compressor.
func (p *pieces) zip(w io.Writer, at time.Time) error {
	z := zip.NewWriter(w)
	for _, name := range p.names() {
		f, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store, Modified: clamp(at)})
		if err == nil {
			_, err = f.Write(p.data[name])
		}
		if err != nil {
			return fmt.Errorf("writing %s: %w", name, err)
		}
	}
	return z.Close()
}

// clamp brings a time into what a ZIP file can say.
func clamp(t time.Time) time.Time {
	earliest, latest := time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)
	switch {
	case t.Before(earliest):
		return earliest
	case t.After(latest):
		return latest
	}
	return t.UTC().Truncate(2 * time.Second)
}

// addIssuance adds an issuance with all its entries.
func (p *pieces) addIssuance(folder string, i *Issuance) (manifestIssuance, error) {
	p.add(folder+"/tbs.der", "the TBSCertificate without poison and SCT list, by whose SHA-256 precertificate and certificate are one issuance", i.Mark.TBS)
	m := i.manifest(folder)
	for n := range i.Entries {
		e := &i.Entries[n]
		entry := e.manifest(fmt.Sprintf("%s/entry-%d", folder, n+1))
		if err := p.addEntry(entry.Folder, e); err != nil {
			return m, err
		}
		m.Entries = append(m.Entries, entry)
	}
	return m, nil
}

// addEntry adds a log entry: leaf, certificate, chain, and what proves it.
func (p *pieces) addEntry(folder string, e *Entry) error {
	p.add(folder+"/leaf_input.bin", "the log entry's bytes (MerkleTreeLeaf, RFC 6962, section 3.4), which the proof is of", e.LeafInput)
	p.add(folder+"/extra_data.bin", "what the log keeps beside the leaf (RFC 6962, section 4.6): the proof doesn't cover it", e.ExtraData)
	if der := e.Parsed.Mark.DER; der != nil {
		name, what := certificateName(e.Type), "the certificate"
		if e.Type == parse.PrecertEntry.String() {
			what = "the precertificate"
		}
		p.add(folder+"/"+name+".der", what+", DER", der)
		p.add(folder+"/"+name+".pem", what+", PEM", toPEM("CERTIFICATE", der))
	}
	var chain []byte
	for n, der := range e.Parsed.Chain {
		p.add(fmt.Sprintf("%s/chain-%d.der", folder, n+1), "a certificate of the chain, the issuer's first, DER", der)
		chain = append(chain, toPEM("CERTIFICATE", der)...)
	}
	if chain != nil {
		p.add(folder+"/chain.pem", "the chain, PEM", chain)
	}
	if len(e.Source.Key) > 0 {
		p.add(folder+"/log_key.der", "the log's public key (SubjectPublicKeyInfo), DER", e.Source.Key)
		p.add(folder+"/log_key.pem", "the log's public key, PEM", toPEM("PUBLIC KEY", e.Source.Key))
	}
	if e.Unproved != "" {
		return nil
	}
	return p.addProof(folder, e)
}

// addProof adds the inclusion proof and the tree head, as the log sent it and
// taken apart for openssl.
func (p *pieces) addProof(folder string, e *Entry) error {
	proof := inclusionProof{e.Index, e.Head.Size, hexOf(e.LeafHash), []string{}, hexOf(e.Head.Root)}
	for _, node := range e.Path {
		proof.Path = append(proof.Path, hexOf(node))
	}
	text, err := indented(proof)
	if err != nil {
		return fmt.Errorf("writing the inclusion proof: %w", err)
	}
	p.add(folder+"/inclusion_proof.json", "the audit path from the leaf to the tree head's root (RFC 6962, section 2.1.1)", text)
	p.add(folder+"/tree_head.json", "the signed tree head as the log sent it (RFC 6962, section 4.3, or a checkpoint of c2sp.org/static-ct-api)", e.Head.Raw)
	p.add(folder+"/tree_head_signed.bin", "the bytes that the log signed (RFC 6962, section 3.5)", scanner.SignedBytes(e.Head))
	p.add(folder+"/tree_head.sig", "the signature itself, without the four bytes of algorithm and length", e.Head.Signature[4:])
	return nil
}

// certificateName is how the file of an entry's certificate is called.
func certificateName(entryType string) string {
	if entryType == parse.PrecertEntry.String() {
		return "precertificate"
	}
	return "certificate"
}

// picture is a logo as the report shows it.
type picture struct {
	image   image.Image // nil if there is none
	notes   []string    // what of it isn't as a browser shows it
	problem string      // why it could not be drawn
	sha256  string      // of its file; "" if there is no logo
}

// pictures are the two logos.
type pictures struct{ found, other picture }

// addLogo adds a certificate's logo and its picture.
func (p *pieces) addLogo(folder string, svg []byte) picture {
	if svg == nil {
		return picture{}
	}
	p.add(folder+"/logo.svg", "the logo that the certificate carries (Mark Representation), decompressed", svg)
	return p.draw(folder, svg)
}

// addWatched adds a watched logo's file, of whatever format, and its picture.
func (p *pieces) addWatched(file []byte) picture {
	decoded, err := logo.Decode(file)
	if err != nil {
		p.add("watched/logo.bin", "the file of the watched logo", file)
		return picture{problem: err.Error(), sha256: hexOf(sha256.Sum256(file))}
	}
	p.add("watched/logo."+decoded.Format, "the file of the watched logo", file)
	if decoded.Format == "svg" {
		return p.draw("watched", file)
	}
	drawn := picture{image: decoded.Image, sha256: hexOf(sha256.Sum256(file)), notes: []string{"it is shown scaled to 256 pixels"}}
	p.addPNG("watched/picture.png", decoded.Image)
	return drawn
}

// draw adds the picture of an SVG.
func (p *pieces) draw(folder string, svg []byte) picture {
	out := picture{sha256: hexOf(sha256.Sum256(svg))}
	drawn, err := raster.Render(svg, raster.Options{Size: pngSize})
	if err != nil {
		out.problem = err.Error()
		return out
	}
	out.image = drawn.Image
	if drawn.Text {
		out.notes = append(out.notes, "its text is drawn with a plain font")
	}
	if len(drawn.Undrawn) > 0 {
		out.notes = append(out.notes, "drawn without: "+strings.Join(drawn.Undrawn, ", "))
	}
	p.addPNG(folder+"/logo.png", drawn.Image)
	return out
}

func (p *pieces) addPNG(name string, m image.Image) {
	var b bytes.Buffer
	if err := png.Encode(&b, m); err == nil { // a picture with pixels, into memory: there is no error
		p.add(name, "a picture of the logo, drawn from its file", b.Bytes())
	}
}

func toPEM(label string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: label, Bytes: der})
}

func hexOf(sum [32]byte) string { return hex.EncodeToString(sum[:]) }

// indented is JSON for people, with < and > as they are.
func indented(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(v)
	return b.Bytes(), err
}
