// Package logo tells how alike two logos are, and why: whether one could pass for the other after recolouring,
// mirroring, cropping, a badge around it or a word beside it.
//
// There is no specification of likeness. The logo is what RFC 9399 carries as subject logo and what the Mark
// Certificate Requirements, section 3, call the Mark Representation; the requirement that one party's logo not
// be confused with another's is theirs, the measure is ours:
//
//  1. Layers. A picture is parted into ground and figure: the ground is a plane of colour (one colour or a gradient)
//     fitted to the frame. Where the figure is a badge, a disc, a tile, a ring, what stands on it is a layer of its own,
//     up to four deep.
//  2. Views. Of each layer: the whole figure, its inner edges, its outline filled; turned by 8 and 15 degrees;
//     cropped; the parts to both sides of its widest gap, which sheds an added word; its largest piece; all but one
//     colour, which sheds a tick or a dot; one colour alone. Each is brought to a square of 64 pixels, so that
//     padding, shift and stretching are gone.
//  3. Codes. A view is described by histograms of oriented gradients (Dalal and Triggs, Histograms of oriented
//     gradients for human detection, CVPR 2005), here of unsigned directions and thermometer coded at three levels, and
//     by the signs of the low frequencies of its cosine transform, as in perceptual hashing (Zauner, Implementation and
//     benchmarking of perceptual image hash functions, 2010). Distances are numbers of bits (Hamming), so that
//     any machine finds the same: nothing that decides is a float sum. Mirrored and quarter-turned views are
//     permutations of a code and need no picture.
//  4. Norms. A disc is near to every disc. So each view is measured against a cohort of invented figures, plain
//     shapes, letters, badges, usual designs: the mean distance of the twenty nearest is the view's norm, and what
//     counts of a pair is how much nearer the two are to each other than their norms. This is the normalisation of
//     scores in speaker verification (Auckenthaler, Carey and Lloyd-Thomas, Score normalization for text-independent
//     speaker verification systems, 2000; the adaptive choice of the nearest after Sturim and Reynolds, 2005). The
//     cohort is made by code (invented_test.go) and embedded.
//  5. Evidence. One pair of views that agrees is often chance, a letter A in both; so the score sums the three best
//     pairs of different views, each less what pairs of its classes reach by chance.
//
// An Index finds the nearest of many by sketches of 128 bits. They stand on 4,096 shelves, numbered by twelve of
// these bits; a search looks at the 79 shelves whose numbers differ from its own sketch's in two bits at most, where
// about a tenth of all sketches stands. Of the nearest 1,500 the waves of all views are looked at, and the best 96
// of those logos are compared in full.
//
// The biases of compare.go and the thresholds are a few round numbers chosen on a development set of logos and 42
// kinds of change, none on the set it is judged by; docs/matching.md has the figures and how to measure again.
package logo
