package raster

type fonts struct{}

func (r *renderer) drawText(n *node, c context)                   { r.doc.miss("text") }
func (r *renderer) drawImage(n *node, c context)                  { r.doc.miss(n.name) }
func (r *renderer) textBounds(n *node, s *style, view extent) box { return emptyBox() }
func (r *renderer) drawMarkers(n *node, p *path, c context)       {}
func (r *renderer) paintPattern(target, n *node, opacity float64, c context, draw func(source, context)) {
	r.doc.miss("pattern")
}
