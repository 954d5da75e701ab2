package raster

import "math"

// blendMode is a way to mix a colour with what is below it (Compositing and
// Blending 1, 10); its values are the places of mix-blend-mode's keywords.
type blendMode = keyword

const (
	blendMultiply blendMode = iota + 1
	blendScreen
	blendOverlay
	blendDarken
	blendLighten
	blendDodge
	blendBurn
	blendHardLight
	blendSoftLight
	blendDifference
	blendExclusion
	blendHue // and further ones that mix the channels
)

// drawable says whether a blend mode is one that is drawn.
func drawable(mode blendMode) bool { return mode < blendHue }

// blend composes a premultiplied colour over another by a mode.
func blend(mode blendMode, dst, src []uint8, cover uint8) {
	if mode == blendNormal {
		over(dst, src, cover)
		return
	}
	sa, da := float64(mul8(src[3], cover))/255, float64(dst[3])/255
	if sa == 0 {
		return
	}
	for i := range 3 {
		s, d := float64(mul8(src[i], cover))/255, float64(dst[i])/255
		mixed := s
		if da > 0 {
			mixed = float64((1-sa)*d) + float64((1-da)*s) + float64(sa*da*mode1(mode, d/da, s/sa))
		}
		dst[i] = byteOf(clamp01(mixed))
	}
	dst[3] = byteOf(sa + da - float64(sa*da))
}

// mode1 mixes one channel: b is the backdrop's, s the source's, 0 to 1.
func mode1(mode blendMode, b, s float64) float64 {
	switch mode {
	case blendMultiply:
		return b * s
	case blendScreen:
		return b + s - float64(b*s)
	case blendOverlay:
		return hardLight(s, b)
	case blendDarken:
		return min(b, s)
	case blendLighten:
		return max(b, s)
	case blendDodge:
		return dodge(b, s)
	case blendBurn:
		return 1 - dodge(1-b, 1-s)
	case blendHardLight:
		return hardLight(b, s)
	case blendSoftLight:
		return softLight(b, s)
	case blendDifference:
		return max(b-s, s-b)
	case blendExclusion:
		return b + s - float64(2*b*s)
	}
	return s
}

// dodge brightens the backdrop.
func dodge(b, s float64) float64 {
	switch {
	case b <= 0:
		return 0
	case s >= 1:
		return 1
	}
	return min(1, b/(1-s))
}

// hardLight multiplies or screens, by the source.
func hardLight(b, s float64) float64 {
	if s <= 0.5 {
		return 2 * b * s
	}
	s = 2*s - 1
	return b + s - float64(b*s)
}

// softLight darkens or lightens, by the source.
func softLight(b, s float64) float64 {
	if s <= 0.5 {
		return b - float64((1-2*s)*b*(1-b))
	}
	d := 0.0
	if b <= 0.25 {
		d = float64((float64((float64(16*b)-12)*b) + 4) * b)
	} else {
		d = math.Sqrt(b)
	}
	return b + float64((2*s-1)*(d-b))
}
