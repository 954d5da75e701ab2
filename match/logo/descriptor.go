package logo

import (
	"encoding/binary"
	"errors"
	"fmt"
	"image"
)

// Version is that of descriptors and of the thresholds: descriptors of different versions don't compare.
const Version = 1

// A PlainError says that a picture shows too little to be compared.
type PlainError struct{ Why string }

// Error says why.
func (e *PlainError) Error() string { return "too plain to compare: " + e.Why }

// A Descriptor is what is compared of a logo.
type Descriptor struct {
	views []view
}

// Describe looks at a picture. Its error is a *PlainError where there is nothing to compare.
func Describe(p image.Image) (*Descriptor, error) {
	b := p.Bounds()
	if b.Empty() {
		return nil, &PlainError{Why: "no pixels"}
	}
	if b.Dx() < smallest || b.Dy() < smallest {
		return nil, &PlainError{Why: fmt.Sprintf("%d by %d pixels", b.Dx(), b.Dy())}
	}
	list, contrast := layers(newCanvas(p))
	if contrast < faintest {
		return nil, &PlainError{Why: "one colour"}
	}
	d := &Descriptor{views: look(list)}
	if len(d.views) == 0 {
		return nil, &PlainError{Why: "only specks"}
	}
	for i := range d.views {
		d.views[i].norm = normOf(&d.views[i].code, cohort())
	}
	return d, nil
}

const (
	smallest = 8  // pixels a side
	faintest = 12 // contrast of 255
)

const (
	viewBytes = 6 + 8 + 8*(len(code{}.hog)+len(code{}.dct))
	magic     = 'L'
)

// MarshalBinary writes a descriptor as it is stored.
func (d *Descriptor) MarshalBinary() ([]byte, error) {
	if len(d.views) == 0 || len(d.views) > maxViews {
		return nil, fmt.Errorf("writing a logo's descriptor: it has %d views", len(d.views))
	}
	b := make([]byte, 0, 3+len(d.views)*viewBytes)
	b = append(b, magic, Version, uint8(len(d.views)))
	for i := range d.views {
		b = d.views[i].append(b)
	}
	return b, nil
}

// append writes a view.
func (v *view) append(b []byte) []byte {
	edges := uint8(0)
	if v.edges {
		edges = 1
	}
	b = append(b, uint8(v.kind), v.layer, uint8(v.degrees), edges, uint8(v.aspect), v.share)
	for _, n := range [...]uint16{v.norm.hog, v.norm.hogSpread, v.norm.dct, v.norm.dctSpread} {
		b = binary.LittleEndian.AppendUint16(b, n)
	}
	return v.code.append(b)
}

// append writes a code.
func (c *code) append(b []byte) []byte {
	for _, w := range c.hog {
		b = binary.LittleEndian.AppendUint64(b, w)
	}
	for _, w := range c.dct {
		b = binary.LittleEndian.AppendUint64(b, w)
	}
	return b
}

// read takes a code from the front of b, which is long enough.
func (c *code) read(b []byte) {
	for i := range c.hog {
		c.hog[i] = binary.LittleEndian.Uint64(b[8*i:])
	}
	b = b[8*len(c.hog):]
	for i := range c.dct {
		c.dct[i] = binary.LittleEndian.Uint64(b[8*i:])
	}
}

// errDescriptor is what every unreadable descriptor's error wraps.
var errDescriptor = errors.New("not a logo's descriptor")

// UnmarshalBinary reads a stored descriptor.
func (d *Descriptor) UnmarshalBinary(b []byte) error {
	if len(b) < 3 || b[0] != magic {
		return fmt.Errorf("reading %d bytes: %w", len(b), errDescriptor)
	}
	if b[1] != Version {
		return fmt.Errorf("reading a logo's descriptor: version %d, not %d", b[1], Version)
	}
	n := int(b[2])
	if n == 0 || n > maxViews || len(b) != 3+n*viewBytes {
		return fmt.Errorf("reading %d views from %d bytes: %w", n, len(b), errDescriptor)
	}
	views := make([]view, n)
	for i := range views {
		if err := views[i].read(b[3+i*viewBytes:]); err != nil {
			return fmt.Errorf("reading view %d: %w", i, err)
		}
	}
	d.views = views
	return nil
}

// read takes a view from the front of b, which is long enough.
func (v *view) read(b []byte) error {
	*v = view{kind: kind(b[0]), layer: b[1], degrees: int8(b[2]), edges: b[3] == 1, aspect: int8(b[4]), share: b[5]}
	if v.kind >= kinds || v.layer > peels || b[3] > 1 || v.degrees < -90 || v.degrees > 90 {
		return errDescriptor
	}
	at := 6
	for _, p := range [...]*uint16{&v.norm.hog, &v.norm.hogSpread, &v.norm.dct, &v.norm.dctSpread} {
		*p = binary.LittleEndian.Uint16(b[at:])
		at += 2
	}
	if v.norm.hog > 16*hogBits || v.norm.dct > 16*dctBits || v.norm.hogSpread == 0 || v.norm.dctSpread == 0 {
		return errDescriptor
	}
	v.code.read(b[at:])
	return nil
}
