// Package logo tells how alike two logos are, and why.
//
// There is no specification of likeness; the rules a logo in a mark certificate must keep are those of the Mark
// Certificate Requirements, section 3 (SVG Tiny Portable/Secure).
package logo
