package raster

// Work renders and says how much of each kind of work was counted.
func Work(svg []byte, opts Options) (map[string]int64, error) {
	size := opts.Size
	if size == 0 {
		size = defaultSize
	}
	b := newBudget(opts.Limits, size)
	spent := map[string]int64{}
	text, err := decode(svg, b.limits.Bytes)
	if err != nil {
		return spent, err
	}
	doc, err := readDocument(text, b)
	if err == nil {
		newRenderer(doc, b, size).drawRoot()
		err = b.err
	}
	for c := range counters {
		spent[c.String()] = b.spent[c]
	}
	return spent, err
}
