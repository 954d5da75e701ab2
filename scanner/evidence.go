package scanner

import (
	"encoding/json"
	"time"
)

// evidence is the bundle that goes to a file and to others: all that is needed
// to check the finding without this program. Hashes and bytes are base64.
type evidence struct {
	Finding string      `json:"finding"`
	Kind    string      `json:"kind"`
	At      time.Time   `json:"at"`
	Log     evidenceLog `json:"log"`
	Held    *TreeHead   `json:"held_tree_head,omitempty"`
	Shown   *TreeHead   `json:"shown_tree_head,omitempty"`
	// What the log signed of each, so that a signature can be checked as it is.
	HeldSigned  []byte `json:"held_signed_bytes,omitempty"`
	ShownSigned []byte `json:"shown_signed_bytes,omitempty"`

	Position *evidencePos `json:"position,omitempty"`

	Proofs        [][][]byte       `json:"consistency_proofs,omitempty"`
	Computed      []byte           `json:"computed_root,omitempty"`
	ComputedProof [][]byte         `json:"computed_proof,omitempty"`
	Answers       []evidenceAnswer `json:"answers,omitempty"`
	Tries         int              `json:"tries,omitempty"`
	Cause         string           `json:"cause,omitempty"`
	HowToVerify   []string         `json:"how_to_verify"`
}

// evidenceLog names the log.
type evidenceLog struct {
	Name string `json:"name"`
	URL  string `json:"url"`
	Type Type   `json:"type"`
	ID   []byte `json:"log_id"`
	Key  []byte `json:"key"`
}

// evidencePos is the compact range of the entries read before.
type evidencePos struct {
	Size  uint64   `json:"tree_size"`
	Root  []byte   `json:"root_hash"`
	Range [][]byte `json:"compact_range"`
}

// evidenceAnswer is the written form of an Answer.
type evidenceAnswer struct {
	Start   uint64    `json:"start"`
	End     uint64    `json:"end"`
	Root    []byte    `json:"recomputed_root"`
	Proof   [][]byte  `json:"consistency_proof,omitempty"`
	Path    [][]byte  `json:"audit_path,omitempty"`
	Bodies  [][]byte  `json:"body_sha256,omitempty"`
	Differs []uint64  `json:"differs_at,omitempty"`
	At      time.Time `json:"at"`
}

// Evidence returns the bundle as indented JSON.
func (e *ForkError) Evidence() []byte {
	b := newEvidence(e.Log, e.Error(), string(e.Kind), e.At)
	if !e.Held.IsZero() {
		b.Held = &e.Held
	}
	b.Shown = &e.Shown
	if e.Kind != ForkRange {
		root := rootOf(e.Next, e.Range)
		b.Position = &evidencePos{e.Next, root[:], fromHashes(e.Range)}
	}
	for _, p := range e.Proofs {
		b.Proofs = append(b.Proofs, fromHashes(p))
	}
	if e.Kind == ForkLeaves {
		b.Computed, b.ComputedProof = e.Computed[:], fromHashes(e.ComputedProof)
	}
	for _, a := range e.Answers {
		b.Answers = append(b.Answers, evidenceAnswer{a.Start, a.End, append([]byte(nil), a.Root[:]...),
			fromHashes(a.Proof), nil, fromHashes(a.Bodies), a.Differs, a.At})
	}
	if e.Kind == ForkRange {
		for i := range b.Answers {
			b.Answers[i].Proof, b.Answers[i].Path = nil, b.Answers[i].Proof
		}
	}
	b.HowToVerify = append(b.HowToVerify, howToVerifyFork(e.Kind)...)
	return b.bytes()
}

// Evidence returns the bundle as indented JSON.
func (e *SignatureError) Evidence() []byte {
	b := newEvidence(e.Log, e.Error(), "signature", e.At)
	b.Shown, b.Tries, b.Cause = &e.Head, e.Tries, e.Err.Error()
	b.HowToVerify = append(b.HowToVerify, "The signature of shown_tree_head must fail this check.")
	return b.bytes()
}

// Evidence returns the bundle as indented JSON.
func (e *UnreachableError) Evidence() []byte {
	b := newEvidence(e.Log, e.Error(), "unreachable", e.At)
	b.Tries, b.Cause = e.Tries, e.Err.Error()
	b.HowToVerify = []string{"Ask the log for url + /ct/v1/get-sth."}
	if e.Log.Type == Static {
		b.HowToVerify = []string{"Ask the log for url + /checkpoint."}
	}
	return b.bytes()
}

// newEvidence starts a bundle with what each has.
func newEvidence(l Log, finding, kind string, at time.Time) evidence {
	id := l.ID()
	return evidence{
		Finding: finding, Kind: kind, At: at.UTC(),
		Log: evidenceLog{l.Name, l.URL, l.Type, id[:], l.Key},
		HowToVerify: []string{
			"All bytes are base64. raw is the log's answer as it came (" + rawForm(l.Type) + ").",
			"log.log_id is the SHA-256 of log.key; the key is published with the log.",
			"A tree head's signature is over the bytes 00 01, the timestamp in milliseconds and the tree size as " +
				"8 bytes each (big endian), and the root hash (RFC 6962, section 3.5); its first 4 bytes are " +
				"hash, algorithm and length, the rest is the signature itself.",
		},
	}
}

// rawForm says what a log of a type sends for a tree head.
func rawForm(t Type) string {
	if t == Static {
		return "checkpoint, c2sp.org/static-ct-api: a note whose signature line of key id SHA-256(first line, newline, " +
			"05, log_id)[:4] has, after these 4 bytes, the timestamp in 8 bytes and then the signature"
	}
	return "get-sth, RFC 6962, section 4.3"
}

// howToCheckSignature is how a signature is checked with common tools.
func howToCheckSignature() []string {
	return []string{
		"held_signed_bytes and shown_signed_bytes are what the log signed. In a shell, for this file as bundle.json, and likewise for held:",
		"jq -r .log.key bundle.json | base64 -d | openssl pkey -pubin -inform DER -out key.pem",
		"jq -r .shown_signed_bytes bundle.json | base64 -d > signed; jq -r .shown_tree_head.signature bundle.json | base64 -d | tail -c +5 > signature",
		"openssl dgst -sha256 -verify key.pem -signature signature signed",
	}
}

// howToVerifyFork says in words what contradicts what.
func howToVerifyFork(k ForkKind) []string {
	switch k {
	case ForkSameSize:
		return []string{"Both tree heads verify, have the same tree_size and different root_hash: no append-only log can sign both."}
	case ForkConsistency:
		return []string{
			"Both tree heads verify. Each of consistency_proofs is what the log gave (get-sth-consistency) from the " +
				"smaller to the larger tree (of a static-ct-api log: as its hash tiles make it); by RFC 6962, section 2.1.2, " +
				"none of them joins the two roots.",
		}
	case ForkLeaves:
		return []string{
			"Both tree heads verify. computed_proof is a valid consistency proof (RFC 6962, section 2.1.2) from a tree of " +
				"the shown tree head's size with root computed_root to position's root. computed_root differs from the " +
				"shown root_hash, so the shown tree is no prefix of the other.",
			"position is a prefix of held_tree_head: where both have one size their roots are equal.",
		}
	case ForkRoot:
		return []string{
			"The shown tree head verifies. position is the tree before the disputed entries. Adding the leaf hashes of the " +
				"entries the log served as [start, end) gives recomputed_root, which neither is the shown root_hash nor is " +
				"joined to it by consistency_proof. Ask the log for these entries again to see whether it still serves them.",
		}
	case ForkRange:
		return []string{
			"The shown tree head verifies. recomputed_root is that of a tree (RFC 6962, section 2.1) of the leaf hashes of the " +
				"entries the log served as [start, end), whose number is a power of two of which start is a multiple: a node of " +
				"any tree that has these entries. audit_path is what the log gave for it (the consistency proof from the middle of " +
				"[start, end), without the nodes below it): from recomputed_root it doesn't lead to the shown root_hash. Ask the " +
				"log for these entries again to see whether it still serves them.",
		}
	}
	return nil
}

// bytes writes the bundle.
func (b evidence) bytes() []byte {
	if b.Held != nil {
		b.HeldSigned = signedTreeHead(*b.Held)
	}
	if b.Shown != nil {
		b.ShownSigned = signedTreeHead(*b.Shown)
		b.HowToVerify = append(b.HowToVerify, howToCheckSignature()...)
	}
	out, err := json.MarshalIndent(b, "", "  ")
	if err != nil { // only a time beyond the year 9999 could do it
		return []byte(`{"finding": "evidence could not be written: ` + err.Error() + `"}`)
	}
	return append(out, '\n')
}
