package scanner

import "context"

// TreeHead asks the log once for its tree head and verifies its signature. It
// neither reads nor remembers anything: it is for seeing whether a log answers.
func (s *Scanner) TreeHead(ctx context.Context) (TreeHead, error) {
	r, err := newRun(s.cfg)
	if err != nil {
		return TreeHead{}, err
	}
	return r.src.head(ctx, manner{tries: 1})
}
