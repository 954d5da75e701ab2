package export

// NewFolder begins a folder at place, for tests: it gives where it is written
// and what finishes it.
func NewFolder(place string) (part string, finish func(error) error, err error) {
	f, err := newFolder(place)
	if err != nil {
		return "", nil, err
	}
	return f.part, f.finish, nil
}
