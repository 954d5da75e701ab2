package organisation

// sameForm tells whether two legal forms may be one organisation's: one is left out, or both are
// names of one kind of company in two languages.
func sameForm(a, b string) bool {
	return a == b || a == "" || b == "" || kindOf(a) == kindOf(b) && kindOf(a) != ""
}

// kindOf is the kind of company that a legal form is of, by the form's canonical spelling.
func kindOf(form string) string {
	switch form {
	case "ltd", "llc", "pte ltd", "pty ltd", "co ltd", "fze", "sdn bhd", "yk", "gk",
		"gmbh", "sarl", "sarl s", "srl", "srls", "sl", "slu", "sll", "lda", "ltda", "bv", "aps", "oy", "uab", "sia", "ou",
		"sp z oo", "sro", "kft", "doo", "jdoo", "доо", "ood", "оод", "eood", "еоод", "epe", "επε", "ike", "ικε", "ltd sti", "ooo", "tov", "too":
		return "private"
	case "plc", "ag", "sa", "spa", "nv", "asa", "oyj", "ab publ", "jsc", "ad", "ад", "ae", "αε", "α ε", "dd", "zrt", "nyrt", "pcl", "bhd", "tbk",
		"kk", "corp", "inc", "sa de cv":
		return "public"
	}
	return ""
}
