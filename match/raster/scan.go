package raster

import (
	"image"
	"math"
	"slices"
)

// The scan converter samples each row of pixels at 16 heights, and on each of
// them resolves the winding and measures the covered length to 1/256 pixel. So
// both fill rules are right where outlines overlap within one pixel.
const (
	subRows    = 16
	subColumns = 256
	fullCover  = subRows * subColumns
	fixedShift = 16                       // of an edge's position below 1/256 pixel
	fixedOne   = subColumns << fixedShift // a pixel
)

// edge is a side of a polygon within the clip, ready to be stepped downwards.
type edge struct {
	x, step int64 // position and its change a sub-row, in 1/fixedOne pixel
	last    int32 // the sub-row below its end
	next    int32 // of the edges that start on the same sub-row, or -1
	winding int32
}

// scanner turns polygons into the coverage of rows of pixels. It is reused, so
// that its buffers are.
type scanner struct {
	budget        *budget
	clip          image.Rectangle
	width, height float64
	edges         []edge
	starts        []int32 // by sub-row, the first edge that starts there, or -1
	first, last   int     // the sub-rows with starts
	active        []edge
	cover         []int32 // by pixel, the change of coverage
	row           []uint8
	aliased       bool // no anti-aliasing
	pen, origin   point
}

// reset makes the scanner ready for an outline within a clip.
func (z *scanner) reset(clip image.Rectangle) {
	z.clip = clip
	z.width, z.height = float64(clip.Dx()), float64(clip.Dy())
	z.edges = z.edges[:0]
	z.aliased = false
	n := clip.Dy() * subRows
	if cap(z.starts) < n {
		z.starts = make([]int32, n)
		z.first, z.last = 0, n
	}
	z.starts = z.starts[:cap(z.starts)]
	for i := z.first; i < z.last; i++ {
		z.starts[i] = -1
	}
	z.first, z.last = n, 0
	if w := clip.Dx() + 2; len(z.cover) < w {
		z.cover = make([]int32, w)
		z.row = make([]uint8, w)
	}
}

// moveTo closes the outline and starts another, in device space.
func (z *scanner) moveTo(p point) {
	z.close()
	z.pen, z.origin = p, p
}

// lineTo adds a side.
func (z *scanner) lineTo(p point) {
	z.side(z.pen, p)
	z.pen = p
}

// close adds the side back to the outline's start.
func (z *scanner) close() {
	if z.pen != z.origin {
		z.side(z.pen, z.origin)
		z.pen = z.origin
	}
}

// side clips a side of a polygon. What is left of the clip counts there as a
// vertical side, what is right of it doesn't count.
func (z *scanner) side(p, q point) {
	p.x, p.y = p.x-float64(z.clip.Min.X), p.y-float64(z.clip.Min.Y)
	q.x, q.y = q.x-float64(z.clip.Min.X), q.y-float64(z.clip.Min.Y)
	if p.y == q.y || !p.finite() || !q.finite() {
		return
	}
	p, q = p.near(), q.near()
	winding := int32(1)
	if p.y > q.y {
		p, q, winding = q, p, -1
	}
	if q.y <= 0 || p.y >= z.height || p.x >= z.width && q.x >= z.width {
		return
	}
	if p.y < 0 {
		p = point{onLine(p, q, 0), 0}
	}
	if q.y > z.height {
		q = point{onLine(p, q, z.height), z.height}
	}
	if p.x >= 0 && q.x >= 0 && p.x <= z.width && q.x <= z.width {
		z.edge(p, q, winding)
		return
	}
	z.crossing(p, q, winding)
}

// near holds a point within what the arithmetic of clipping can bear.
func (p point) near() point {
	const far = 1e9
	return point{max(-far, min(far, p.x)), max(-far, min(far, p.y))}
}

// crossing splits a side where it crosses the clip's left or right.
func (z *scanner) crossing(p, q point, winding int32) {
	mirrored := p.x > q.x
	ys := [4]float64{p.y, p.y, q.y, q.y}
	for i, x := range [...]float64{0, z.width} {
		if mirrored {
			x = z.width - x
		}
		if (p.x < x) != (q.x < x) {
			y := p.y + float64((x-p.x)/(q.x-p.x)*(q.y-p.y))
			ys[1+i] = max(p.y, min(q.y, y))
		} else if (p.x < x) != mirrored {
			ys[1+i] = q.y
		} else {
			ys[1+i] = p.y
		}
	}
	left, right := 0.0, z.width
	if mirrored {
		left, right = right, left
	}
	if left == 0 {
		z.edge(point{0, ys[0]}, point{0, ys[1]}, winding)
	}
	a := point{max(0, min(z.width, onLine(p, q, ys[1]))), ys[1]}
	b := point{max(0, min(z.width, onLine(p, q, ys[2]))), ys[2]}
	z.edge(a, b, winding)
	if right == 0 {
		z.edge(point{0, ys[2]}, point{0, ys[3]}, winding)
	}
}

// onLine is the x of the line through p and q at y.
func onLine(p, q point, y float64) float64 {
	return p.x + float64((y-p.y)/(q.y-p.y)*(q.x-p.x))
}

// edge adds a side that lies within the clip, with p above q.
func (z *scanner) edge(p, q point, winding int32) {
	first := int(math.Ceil(float64(p.y*subRows) - 0.5))
	last := int(math.Ceil(float64(q.y*subRows) - 0.5))
	last = min(last, z.clip.Dy()*subRows)
	if first >= last || z.budget.over() {
		return
	}
	if len(z.edges) >= maximalEdges {
		z.budget.fail("edges of an outline", maximalEdges)
		return
	}
	slope := (q.x - p.x) / (q.y - p.y)
	y := (float64(first) + 0.5) / subRows
	x := p.x + float64((y-p.y)*slope)
	e := edge{x: fixedPoint(x), last: int32(last), winding: winding, next: z.starts[first]}
	if last-first > 1 {
		e.step = fixedPoint(slope / subRows)
	}
	z.starts[first] = int32(len(z.edges))
	z.edges = append(z.edges, e)
	z.first, z.last = min(z.first, first), max(z.last, last)
}

// fixedPoint is a number of pixels in fixed point.
func fixedPoint(x float64) int64 { return int64(math.Round(x * fixedOne)) }

// scan gives the coverage of each row that the polygons touch, from its first
// to its last touched pixel, to emit. The row is only valid until it returns.
func (z *scanner) scan(evenOdd bool, emit func(x, y int, cover []uint8)) {
	z.close()
	z.active = z.active[:0]
	for y := z.first; y < z.last && !z.budget.over(); {
		if len(z.active) == 0 && z.starts[y] < 0 {
			y++
			continue
		}
		row := y / subRows
		end := min((row+1)*subRows, z.last)
		touchedFrom, touchedTo := int64(z.clip.Dx()*subColumns), int64(0)
		for ; y < end; y++ {
			z.enter(y)
			from, to := z.subRow(evenOdd)
			touchedFrom, touchedTo = min(touchedFrom, from), max(touchedTo, to)
			z.advance(y)
		}
		if touchedFrom < touchedTo {
			from := int(touchedFrom / subColumns)
			to := min(int((touchedTo+subColumns-1)/subColumns), z.clip.Dx())
			if z.budget.spend(pixels, to-from) {
				z.sum(from, to)
				emit(z.clip.Min.X+from, z.clip.Min.Y+row, z.row[from:to])
			}
		}
	}
}

// enter makes the edges active that start at a sub-row.
func (z *scanner) enter(y int) {
	for i := z.starts[y]; i >= 0; i = z.edges[i].next {
		z.active = append(z.active, z.edges[i])
	}
	z.starts[y] = -1
}

// advance steps the active edges to the next sub-row and drops those that end.
func (z *scanner) advance(y int) {
	kept := 0
	for i := range z.active {
		e := &z.active[i]
		if int(e.last) > y+1 {
			e.x += e.step
			if kept != i {
				z.active[kept] = *e
			}
			kept++
		}
	}
	z.active = z.active[:kept]
}

// order sorts the active edges from left to right. They nearly are in order;
// where a hostile outline has them otherwise, insertion would take too long.
func (z *scanner) order() {
	a := z.active
	moves := 0
	for i := 1; i < len(a); i++ {
		if a[i].x >= a[i-1].x {
			continue
		}
		e := a[i]
		j := i
		for ; j > 0 && a[j-1].x > e.x; j-- {
			a[j] = a[j-1]
			moves++
		}
		a[j] = e
		if moves > 64+8*len(a) {
			slices.SortStableFunc(a, func(p, q edge) int {
				switch {
				case p.x < q.x:
					return -1
				case p.x > q.x:
					return 1
				}
				return 0
			})
			return
		}
	}
}

// subRow adds the covered lengths of one sub-row, and says where the first
// starts and the last ends, in 1/256 pixel.
func (z *scanner) subRow(evenOdd bool) (from, to int64) {
	z.order()
	z.budget.spend(pixels, 3*len(z.active))
	mask := int32(-1)
	if evenOdd {
		mask = 1
	}
	winding := int32(0)
	right := int64(z.clip.Dx()) * subColumns
	from, to = right, 0
	for i := range z.active {
		e := &z.active[i]
		was := winding&mask != 0
		winding += e.winding
		is := winding&mask != 0
		if was == is {
			continue
		}
		x := max(0, min(right, (e.x+1<<(fixedShift-1))>>fixedShift))
		within := int32(x % subColumns)
		at := z.cover[x/subColumns:]
		if is {
			at[0] += subColumns - within
			at[1] += within
			from = min(from, x)
		} else {
			at[0] -= subColumns - within
			at[1] -= within
			to = x
		}
	}
	if winding&mask != 0 { // closed by the right side, which isn't kept
		z.cover[right/subColumns] -= subColumns
		to = right
	}
	return from, to
}

// sum turns changes of coverage into the coverage of pixels.
func (z *scanner) sum(from, to int) {
	total, alpha := int32(0), uint8(0)
	row, cover := z.row[from:to], z.cover[from:to]
	for i := range row {
		if change := cover[i]; change != 0 {
			total += change
			cover[i] = 0
			alpha = uint8((uint32(max(0, total))*255 + fullCover/2) / fullCover)
		}
		row[i] = alpha
	}
	z.cover[to] = 0
	z.cover[to+1] = 0
	if z.aliased {
		for i := from; i < to; i++ {
			z.row[i] = uint8(int8(z.row[i]) >> 7) // all from one half
		}
	}
}
