package notice

// For tests of colours alone: a message shows them only as CSS.
var (
	NewPalette = newPalette
	TintOf     = tintOf
)

// Contrast is the contrast ratio of two colours as #rrggbb.
func Contrast(a, b string) float64 { return parseColour(a).contrast(parseColour(b)) }
