package main

import (
	"image"
	"image/color"
	"math"
	"math/rand/v2"
	"testing"
)

// picture makes a picture of a value at each place.
func picture(w, h int, grey func(x, y int) uint8) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			v := grey(x, y)
			m.SetRGBA(x, y, color.RGBA{v, v, v, 255})
		}
	}
	return m
}

func TestSSIM(t *testing.T) {
	flat := func(v uint8) func(int, int) uint8 { return func(int, int) uint8 { return v } }
	board := func(x, y int) uint8 { return uint8((x/8 + y/8) % 2 * 255) }
	// Two flat pictures have no variance: what is left is the luminance term
	// (2·100·200 + C1) / (100² + 200² + C1), C1 = 2.55².
	const c1 = 2.55 * 2.55
	for _, test := range []struct {
		name     string
		a, b     func(int, int) uint8
		min, max float64
	}{
		{"the same", board, board, 1, 1},
		{"two flat greys", flat(100), flat(200), (40000 + c1) / (50000 + c1), (40000 + c1) / (50000 + c1)},
		{"black and white", flat(0), flat(255), 0, 1.1e-4},
		{"inverted", board, func(x, y int) uint8 { return 255 - board(x, y) }, -1, -0.5},
		{"a little lighter", board, func(x, y int) uint8 { return max(board(x, y), 4) }, 0.95, 0.9999},
		{"shifted by a cell", board, func(x, y int) uint8 { return board(x+8, y) }, -1, -0.5},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := ssim(picture(64, 48, test.a), picture(64, 48, test.b))
			if err != nil || got < test.min-1e-9 || got > test.max+1e-9 {
				t.Errorf("ssim = %.6f, %v, want %.6f to %.6f", got, err, test.min, test.max)
			}
		})
	}
}

// TestSSIMWindow checks the Gaussian sums by the definition at one window.
func TestSSIMWindow(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	noise := func(int, int) uint8 { return uint8(r.IntN(256)) }
	a, b := picture(window, window, noise), picture(window, window, noise)
	x, y := luminance(a), luminance(b)
	var sum, mx, my, xx, yy, xy float64
	for i := range window {
		for j := range window {
			w := math.Exp(-float64((i-5)*(i-5)+(j-5)*(j-5)) / 4.5)
			u, v := x.v[i*window+j], y.v[i*window+j]
			sum, mx, my, xx, yy, xy = sum+w, mx+w*u, my+w*v, xx+w*u*u, yy+w*v*v, xy+w*u*v
		}
	}
	mx, my, xx, yy, xy = mx/sum, my/sum, xx/sum, yy/sum, xy/sum
	const c1, c2 = 6.5025, 58.5225 // (0.01·255)², (0.03·255)²
	want := (2*mx*my + c1) * (2*(xy-mx*my) + c2) / ((mx*mx + my*my + c1) * (xx - mx*mx + yy - my*my + c2))
	if got, err := ssim(a, b); err != nil || math.Abs(got-want) > 1e-9 {
		t.Errorf("ssim = %v, %v, want %v", got, err, want)
	}
}

func TestSSIMSizes(t *testing.T) {
	flat := func(int, int) uint8 { return 9 }
	if _, err := ssim(picture(20, 20, flat), picture(20, 21, flat)); err == nil {
		t.Error("ssim of pictures of two sizes gives no error")
	}
	if got, err := ssim(picture(256, 3, flat), picture(256, 3, flat)); err != nil || got != 1 {
		t.Errorf("ssim of a low picture with itself = %v, %v, want 1", got, err)
	}
}

func TestMeanError(t *testing.T) {
	a := picture(10, 10, func(int, int) uint8 { return 100 })
	b := picture(10, 10, func(x, _ int) uint8 { return uint8(100 + 10*(x%2)) })
	b.Pix[3] = 0 // alpha doesn't count
	if got := meanError(a, b); got != 5 {
		t.Errorf("meanError = %v, want 5", got)
	}
}

func TestJudge(t *testing.T) {
	good := drawn{ssim: 0.99, diff: 0.1, took: likeMedian / 2}
	many := func(bad drawn, n int) []drawn {
		all := make([]drawn, 1000)
		for i := range all {
			all[i] = good
		}
		for i := range n {
			all[i] = bad
		}
		return all
	}
	for _, test := range []struct {
		name string
		all  []drawn
		ok   bool
	}{
		{"all good", many(good, 0), true},
		{"one in a thousand unlike", many(drawn{ssim: 0.9, took: 1}, 1), true},
		{"two in a thousand unlike", many(drawn{ssim: 0.9, took: 1}, 2), false},
		{"errors add up", many(drawn{ssim: 0.96, diff: 200}, 5), false},
		{"a few are slow", many(drawn{ssim: 1, took: 100 * likeMedian}, 400), true},
		{"most are slow", many(drawn{ssim: 1, took: 2 * likeMedian}, 600), false},
	} {
		if err := judge(test.all); (err == nil) != test.ok {
			t.Errorf("%s: judge = %v", test.name, err)
		}
	}
}

func TestQuantile(t *testing.T) {
	hundred := make([]float64, 100)
	for i := range hundred {
		hundred[i] = float64(i + 1)
	}
	for q, want := range map[float64]float64{0.5: 50, 0.99: 99, 1: 100} {
		if got := quantile(hundred, q); got != want {
			t.Errorf("quantile(1…100, %v) = %v, want %v", q, got, want)
		}
	}
	if got := quantile(nil, 0.5); got != 0 {
		t.Errorf("quantile of nothing = %v", got)
	}
}
