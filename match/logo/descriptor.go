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
	measure(d.views, cohort())
	return d, nil
}

const (
	smallest = 8  // pixels a side
	faintest = 12 // contrast of 255
)

const (
	viewBytes = 11 + 4 + 8*(len(code{}.hog)+len(code{}.dct))
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
	flags := uint8(0)
	if v.edges {
		flags |= 1
	}
	if v.cut {
		flags |= 2
	}
	b = append(b, uint8(v.kind), v.layer, uint8(v.degrees), v.crop, flags, uint8(v.aspect), v.share)
	b = append(b, v.colour[0], v.colour[1], v.colour[2], uint8(v.badge))
	b = binary.LittleEndian.AppendUint16(b, v.norm.hog)
	b = binary.LittleEndian.AppendUint16(b, v.norm.dct)
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
	*v = view{kind: kind(b[0]), layer: b[1], degrees: int8(b[2]), crop: b[3], edges: b[4]&1 != 0, cut: b[4]&2 != 0, aspect: int8(b[5]), share: b[6]}
	if v.kind >= kinds || v.layer > peels || v.crop > 5 || b[4] > 3 || v.degrees < -90 || v.degrees > 90 {
		return errDescriptor
	}
	v.colour, v.badge = [3]uint8{b[7], b[8], b[9]}, badge(b[10])
	v.norm = norm{hog: binary.LittleEndian.Uint16(b[11:]), dct: binary.LittleEndian.Uint16(b[13:])}
	if v.badge >= badges || v.norm.hog > 16*hogBits || v.norm.dct > 16*dctBits {
		return errDescriptor
	}
	v.code.read(b[15:])
	return nil
}
