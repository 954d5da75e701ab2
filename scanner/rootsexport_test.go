package scanner

// ParseRoots reads a get-roots response.
func ParseRoots(body []byte) ([][]byte, error) { return parseRoots(body) }
