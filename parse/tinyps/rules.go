package tinyps

// Rule is one thing that is checked.
type Rule struct {
	ID       string // kebab-case, begins with svg-
	Severity string // of its findings
	Summary  string // what it is about, in a few words
	Mend     string // what to do about a finding
	Citation string
}

// Sources of the rules.
const (
	draft    = "draft-svg-tiny-ps-abrotman, section 2"
	schema   = "draft-svg-tiny-ps-abrotman, RELAX NG schema"
	tiny     = "SVG Tiny 1.2"
	xml10    = "XML 1.0"
	guidance = "BIMI Group, creating BIMI SVG logo files"
	ours     = "markwatch" // a bound or a caution of our own
)

// Rules gives all rules, from the file as a whole to its parts.
func Rules() []Rule {
	return []Rule{
		{"svg-too-large", SeverityError, "larger than is read", "simplify the drawing; 32 KB is what mail providers take", ours},
		{"svg-too-complex", SeverityError, "nested deeper, or with more attributes or namespaces, than is read", "take out groups that do nothing", ours},
		{"svg-size", SeverityWarning, "larger than 32 KB", "simplify paths and round coordinates", guidance},
		{"svg-encoding", SeverityError, "not UTF-8", "save it as UTF-8", xml10 + ", section 4.3.3"},
		{"svg-byte-order-mark", SeverityWarning, "begins with a byte order mark", "save it as UTF-8 without BOM", guidance},
		{"svg-line-ends", SeverityWarning, "lines end with a carriage return", "save it with line feeds alone", guidance},
		{"svg-xml-declaration", SeverityWarning, "odd XML declaration", `write <?xml version="1.0" encoding="UTF-8"?>, or leave it out`, xml10 + ", section 2.8"},
		{"svg-not-well-formed", SeverityError, "not well-formed XML", "mend the markup here", xml10},
		{"svg-doctype", SeverityError, "has a document type declaration", "take out <!DOCTYPE …>", draft},
		{"svg-entity", SeverityError, "refers to an entity", "write the character itself, or its number", draft},
		{"svg-processing-instruction", SeverityWarning, "has a processing instruction", "take it out", ours},
		{"svg-stylesheet", SeverityError, "is styled by CSS", "write each property as an attribute, such as fill", tiny + ", section 6.2"},
		{"svg-root", SeverityError, "root isn't svg in the SVG namespace", `begin with <svg xmlns="http://www.w3.org/2000/svg" …>`, tiny + ", section 5.1"},
		{"svg-namespace", SeverityError, "element or attribute of another namespace", "export without the editor's own data", schema},
		{"svg-namespace-declared", SeverityNotice, "declares another namespace", "take out the xmlns:… attribute", ours},
		{"svg-base-profile", SeverityError, "baseProfile isn't tiny-ps", `write baseProfile="tiny-ps" on the root`, draft},
		{"svg-version", SeverityError, "version isn't 1.2", `write version="1.2" on the root`, draft},
		{"svg-root-position", SeverityError, "x or y on the root", "take the attribute out; move the viewBox instead", schema},
		{"svg-view-box", SeverityError, "viewBox can't be read", `write viewBox="0 0 100 100" with the drawing's size`, tiny + ", section 7.8"},
		{"svg-view-box-absent", SeverityWarning, "has no viewBox", `write viewBox="0 0 100 100" with the drawing's size`, guidance},
		{"svg-not-square", SeverityWarning, "not square", "give the viewBox the same width and height, and centre the drawing in it", guidance},
		{"svg-relative-size", SeverityWarning, "width or height is no absolute length", "give both in pixels, or leave both out", guidance},
		{"svg-title", SeverityError, "title is absent, not first, or not alone", "put one <title> with the organisation's name first in the root", schema},
		{"svg-title-text", SeverityWarning, "title is empty or longer than 64 characters", "name the organisation in at most 64 characters", draft},
		{"svg-script", SeverityError, "script", "take it out", draft},
		{"svg-event-handler", SeverityError, "event handler", "take the attribute out", draft},
		{"svg-animation", SeverityError, "animation", "take it out; draw the still picture", draft},
		{"svg-link", SeverityError, "hyperlink", "take the <a> out and keep what is in it", draft},
		{"svg-multimedia", SeverityError, "raster picture, sound or film", "draw it with shapes", draft},
		{"svg-external-reference", SeverityError, "refers to something outside the file", "draw it in the file itself", draft},
		{"svg-data-reference", SeverityError, "holds something as a data URI", "draw it with shapes", draft},
		{"svg-broken-reference", SeverityWarning, "refers to an id that isn't there", "mend the id, or take the reference out", tiny + ", section 14.1"},
		{"svg-href", SeverityWarning, "href without the xlink namespace", "write xlink:href and declare xmlns:xlink", tiny + ", section 14.1"},
		{"svg-element", SeverityError, "element that the profile doesn't have", "take it out, or draw it by other means", schema},
		{"svg-element-place", SeverityError, "element where it may not stand", "move it, or take it out", schema},
		{"svg-attribute", SeverityError, "attribute that the element doesn't have", "take the attribute out, or draw it by other means", schema},
		{"svg-attribute-value", SeverityError, "value that the attribute doesn't take", "write one of the values that it takes", schema},
		{"svg-text-place", SeverityError, "text where none may stand", "take the text out", schema},
		{"svg-id-twice", SeverityWarning, "one id on two elements", "give each element an id of its own", tiny + ", section 5.10"},
		{"svg-path-data", SeverityWarning, "path data that SVG Tiny 1.2 doesn't have", "convert arcs to curves (C)", tiny + ", section 8.3"},
		{"svg-font", SeverityWarning, "text is drawn in the reader's font", "convert the text to paths", draft},
		{"svg-gradient", SeverityWarning, "gradients look different from one reader to another", "try it where it matters, or use plain colours", guidance},
		{"svg-background", SeverityWarning, "background seems transparent", "begin with a <rect> in a plain colour over the whole viewBox", guidance},
		{"svg-more", SeverityNotice, "there are more findings than are told", "mend these first", ours},
	}
}
