package queries

import (
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"
)

// The codecs of single values. Each writes what the engine's own JSON says.

func stringText(dst []byte, in *input) ([]byte, kind) {
	begin := len(dst)
	return validFrom(in.appendBytes(dst, in.length()), begin), text
}

func fixedString(n uint64) codec {
	return func(dst []byte, in *input) ([]byte, kind) {
		begin := len(dst)
		return validFrom(in.appendBytes(dst, n), begin), text
	}
}

func boolean(dst []byte, in *input) ([]byte, kind) {
	return strconv.AppendBool(dst, in.take(1)[0] != 0), truth
}

func unsigned(size int) codec {
	if size > 8 {
		return wide(size, false)
	}
	return func(dst []byte, in *input) ([]byte, kind) { return strconv.AppendUint(dst, in.uint(size), 10), number }
}

func signed(size int) codec {
	if size > 8 {
		return wide(size, true)
	}
	unused := 64 - 8*size
	return func(dst []byte, in *input) ([]byte, kind) {
		return strconv.AppendInt(dst, int64(in.uint(size)<<unused)>>unused, 10), number
	}
}

// wide is an integer of more than eight bytes.
func wide(size int, signed bool) codec {
	return func(dst []byte, in *input) ([]byte, kind) {
		b := slices.Clone(in.take(size))
		slices.Reverse(b)
		n := new(big.Int).SetBytes(b)
		if signed && b[0] >= 0x80 {
			n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*size)))
		}
		return n.Append(dst, 10), number
	}
}

// float writes the shortest digits that mean the number; what is no number, as text.
func float(size int) codec {
	return func(dst []byte, in *input) ([]byte, kind) {
		var f float64
		if size == 4 {
			f = float64(math.Float32frombits(uint32(in.uint(4))))
		} else {
			f = math.Float64frombits(in.uint(8))
		}
		switch {
		case math.IsNaN(f) && math.Signbit(f):
			return append(dst, "-nan"...), text
		case math.IsNaN(f):
			return append(dst, "nan"...), text
		case math.IsInf(f, 1):
			return append(dst, "inf"...), text
		case math.IsInf(f, -1):
			return append(dst, "-inf"...), text
		}
		return appendFloat(dst, f, 8*size), number
	}
}

// appendFloat writes digits alone from 1e-6 up to 1e21, and else an exponent
// without plus and leading zero.
func appendFloat(dst []byte, f float64, bits int) []byte {
	abs := math.Abs(f)
	least, most := 1e-6, 1e21
	if bits == 32 {
		least, most = float64(float32(least)), float64(float32(most))
	}
	if abs == 0 || abs >= least && abs < most {
		return strconv.AppendFloat(dst, f, 'f', -1, bits)
	}
	begin := len(dst)
	dst = strconv.AppendFloat(dst, f, 'e', -1, bits)
	exponent := begin + slices.Index(dst[begin:], 'e') + 1
	digits := exponent
	if dst[digits] == '-' {
		digits++
	}
	first := digits
	for first < len(dst)-1 && (dst[first] == '+' || dst[first] == '0') {
		first++
	}
	return append(dst[:digits], dst[first:]...)
}

// enum is one of named numbers.
func enum(size int, args []string) (codec, bool) {
	names := map[uint64]string{}
	for _, arg := range args {
		quoted, value, ok := cutLast(arg, " = ")
		n, err := strconv.ParseInt(value, 10, 8*size)
		name, whole := unquote(quoted)
		if !ok || err != nil || !whole {
			return nil, false
		}
		names[uint64(n)&(1<<(8*size)-1)] = string(validFrom([]byte(name), 0))
	}
	return func(dst []byte, in *input) ([]byte, kind) { return append(dst, names[in.uint(size)]...), text }, true
}

// cutLast cuts text around the last mark.
func cutLast(text, mark string) (before, after string, ok bool) {
	i := strings.LastIndex(text, mark)
	if i < 0 {
		return "", "", false
	}
	return text[:i], text[i+len(mark):], true
}

const secondsOfDay = 24 * 60 * 60

func date(dst []byte, in *input) ([]byte, kind) { return appendDay(dst, int64(in.uint(2))), text }

func date32(dst []byte, in *input) ([]byte, kind) {
	return appendDay(dst, int64(int32(in.uint(4)))), text
}

func dateTime(dst []byte, in *input) ([]byte, kind) {
	return append(appendSecond(dst, int64(in.uint(4))), 'Z'), text
}

// dateTime64 is a time in so many digits of a second.
func dateTime64(digits string) (codec, bool) {
	precision, err := strconv.Atoi(digits)
	if err != nil || precision < 0 || precision > 9 {
		return nil, false
	}
	unit := int64(1)
	for range precision {
		unit *= 10
	}
	return func(dst []byte, in *input) ([]byte, kind) {
		ticks := int64(in.uint(8))
		second, rest := floor(ticks, unit)
		if dst = appendSecond(dst, second); precision > 0 {
			dst = appendDigits(append(dst, '.'), rest, precision)
		}
		return append(dst, 'Z'), text
	}, true
}

// floor divides n, whose rest is never below 0.
func floor(n, by int64) (quotient, rest int64) {
	if quotient, rest = n/by, n%by; rest < 0 {
		quotient, rest = quotient-1, rest+by
	}
	return quotient, rest
}

// appendSecond writes a second since 1970 as ISO 8601, without the zone.
func appendSecond(dst []byte, second int64) []byte {
	day, rest := floor(second, secondsOfDay)
	dst = appendDigits(append(appendDay(dst, day), 'T'), rest/3600, 2)
	dst = appendDigits(append(dst, ':'), rest/60%60, 2)
	return appendDigits(append(dst, ':'), rest%60, 2)
}

// appendDay writes a day since 1970, counted in years that begin in March, so
// that a leap day ends one.
func appendDay(dst []byte, day int64) []byte {
	const (
		fourCenturies = 146097
		toMarch       = 719468 // from March 1 of the year 0 to 1970
	)
	era, ofEra := floor(day+toMarch, fourCenturies)
	year := (ofEra - ofEra/1460 + ofEra/36524 - ofEra/146096) / 365
	ofYear := ofEra - (365*year + year/4 - year/100)
	month := (5*ofYear + 2) / 153
	ofMonth := ofYear - (153*month+2)/5 + 1
	if month += 3; month > 12 {
		month -= 12
		year++
	}
	dst = appendDigits(dst, year+400*era, 4)
	dst = appendDigits(append(dst, '-'), month, 2)
	return appendDigits(append(dst, '-'), ofMonth, 2)
}

// appendDigits writes the last digits of n.
func appendDigits(dst []byte, n int64, digits int) []byte {
	dst = append(dst, "000000000"[:digits]...)
	for i := len(dst) - 1; digits > 0; digits-- {
		dst[i] = byte('0' + n%10)
		n /= 10
		i--
	}
	return dst
}
