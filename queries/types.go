package queries

import (
	"strconv"
	"strings"
)

// A codec reads one value of its type in RowBinary, appends its text to dst,
// and tells what it is.
type codec func(dst []byte, in *input) ([]byte, kind)

// maxDepth is how deep types may lie in each other.
const maxDepth = 32

// codecOf finds the codec of ClickHouse's type t; false for one that only the
// engine prints, such as JSON, Variant and the states of aggregates.
func codecOf(t string) (codec, bool) { return codecAt(t, 0) }

func codecAt(t string, depth int) (codec, bool) {
	name, args, ok := splitType(t)
	if !ok || depth > maxDepth {
		return nil, false
	}
	if args == nil {
		return plainCodec(name)
	}
	switch name {
	case "DateTime":
		return dateTime, true
	case "DateTime64":
		return dateTime64(args[0])
	case "FixedString":
		n, err := strconv.ParseUint(args[0], 10, 32)
		return fixedString(n), err == nil && n > 0
	case "Enum8":
		return enum(1, args)
	case "Enum16":
		return enum(2, args)
	}
	return nested(name, args, depth)
}

// plainCodec is the codec of a type without arguments.
func plainCodec(name string) (codec, bool) {
	switch name {
	case "String":
		return stringText, true
	case "Bool":
		return boolean, true
	case "Date":
		return date, true
	case "Date32":
		return date32, true
	case "DateTime":
		return dateTime, true
	case "Float32":
		return float(4), true
	case "Float64":
		return float(8), true
	}
	for _, size := range []int{1, 2, 4, 8, 16, 32} {
		switch bits := strconv.Itoa(8 * size); name {
		case "UInt" + bits:
			return unsigned(size), true
		case "Int" + bits:
			return signed(size), true
		}
	}
	return nil, false
}

// nested is the codec of a type that is made of others.
func nested(name string, args []string, depth int) (codec, bool) {
	if name == "Tuple" {
		return tuple(args, depth)
	}
	var inner []codec
	for i, arg := range args {
		if name == "SimpleAggregateFunction" && i == 0 {
			continue // the function's name
		}
		if arg == "Nothing" && name != "Map" {
			inner = append(inner, empty)
			continue
		}
		c, ok := codecAt(arg, depth+1)
		if !ok {
			return nil, false
		}
		inner = append(inner, c)
	}
	switch {
	case len(inner) == 1 && (name == "LowCardinality" || name == "SimpleAggregateFunction"):
		return inner[0], true
	case len(inner) == 1 && name == "Nullable":
		return nullable(inner[0]), true
	case len(inner) == 1 && name == "Array":
		return array(inner[0]), true
	case len(inner) == 2 && name == "Map" && isKey(args[0]):
		return dictionary(inner[0], inner[1]), true
	}
	return nil, false
}

// isKey tells whether a key of type t is written in JSON as its text.
func isKey(t string) bool {
	name, args, _ := splitType(t)
	if name == "LowCardinality" && len(args) == 1 {
		return isKey(args[0])
	}
	return name == "String" || name == "FixedString" || strings.HasPrefix(name, "UInt") || strings.HasPrefix(name, "Int") || strings.HasPrefix(name, "Enum") || strings.HasPrefix(name, "Date")
}

// empty reads a value of a type that has none: a list of them is empty.
func empty(dst []byte, in *input) ([]byte, kind) {
	if in.err == nil {
		in.err = errBrokenOff
	}
	return dst, nothing
}

// nullable is a value or nothing.
func nullable(of codec) codec {
	return func(dst []byte, in *input) ([]byte, kind) {
		if in.take(1)[0] != 0 {
			return dst, nothing
		}
		return of(dst, in)
	}
}

// array is a list.
func array(of codec) codec {
	return func(dst []byte, in *input) ([]byte, kind) {
		dst = append(dst, '[')
		n := in.length()
		for i := uint64(0); i < n && in.err == nil; i++ {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = of.json(dst, in)
		}
		return append(dst, ']'), composite
	}
}

// dictionary is a map.
func dictionary(key, value codec) codec {
	return func(dst []byte, in *input) ([]byte, kind) {
		dst = append(dst, '{')
		n := in.length()
		for i := uint64(0); i < n && in.err == nil; i++ {
			if i > 0 {
				dst = append(dst, ',')
			}
			begin := len(dst)
			dst, _ = key(dst, in)
			dst = append(quoteFrom(dst, begin), ':')
			dst = value.json(dst, in)
		}
		return append(dst, '}'), composite
	}
}

// tuple is a structure: with names an object, without a list.
func tuple(args []string, depth int) (codec, bool) {
	var names []string
	var values []codec
	for _, arg := range args {
		name, t, named := cutName(arg)
		c, ok := codecAt(t, depth+1)
		if !ok {
			return nil, false
		}
		if values = append(values, c); named {
			quoted := appendQuoted(nil, validFrom([]byte(name), 0))
			names = append(names, string(append(quoted, ':')))
		}
	}
	switch len(names) {
	case len(values):
		return structure('{', '}', names, values), true
	case 0:
		return structure('[', ']', make([]string, len(values)), values), true
	}
	return nil, false
}

func structure(begin, end byte, names []string, values []codec) codec {
	return func(dst []byte, in *input) ([]byte, kind) {
		dst = append(dst, begin)
		for i, value := range values {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = value.json(append(dst, names[i]...), in)
		}
		return append(dst, end), composite
	}
}

// json reads a value and appends it as JSON.
func (c codec) json(dst []byte, in *input) []byte {
	begin := len(dst)
	dst, kind := c(dst, in)
	switch kind {
	case nothing:
		return append(dst, "null"...)
	case text:
		return quoteFrom(dst, begin)
	}
	return dst
}

// splitType cuts a type into its name and arguments, nil without brackets.
func splitType(t string) (name string, args []string, ok bool) {
	name, inner, bracketed := strings.Cut(t, "(")
	if !bracketed {
		return t, nil, true
	}
	inner, ok = strings.CutSuffix(inner, ")")
	for ok && inner != "" {
		end := endOfPart(inner, ',')
		args = append(args, strings.TrimSpace(inner[:end]))
		if end == len(inner) {
			return name, args, true
		}
		inner = inner[end+1:]
	}
	return name, args, false
}

// endOfPart is where text has the mark outside of brackets and quotes, or its end.
func endOfPart(text string, mark byte) int {
	depth := 0
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == mark && depth == 0:
			return i
		case c == '(':
			depth++
		case c == ')':
			depth--
		case c == '\'' || c == '`' || c == '"':
			for i++; i < len(text) && text[i] != c; i++ {
				if text[i] == '\\' {
					i++
				}
			}
		}
	}
	return len(text)
}

// cutName cuts an element of a tuple into its name and type.
func cutName(element string) (name, t string, named bool) {
	end := endOfPart(element, ' ')
	if end == len(element) {
		return "", element, false
	}
	name, t = element[:end], element[end+1:]
	if len(name) > 1 && name[0] == '`' {
		if unquoted, ok := unquote(name); ok {
			name = unquoted
		}
	}
	return name, t, true
}

// unquote reads ClickHouse's quoted text: of its escapes those that types are
// written with.
func unquote(quoted string) (string, bool) {
	if len(quoted) < 2 || quoted[len(quoted)-1] != quoted[0] {
		return "", false
	}
	escapes := strings.NewReplacer(`\\`, `\`, `\'`, `'`, "\\`", "`", `\"`, `"`, `\b`, "\b", `\f`, "\f", `\n`, "\n", `\r`, "\r", `\t`, "\t", `\0`, "\x00")
	return escapes.Replace(quoted[1 : len(quoted)-1]), true
}
