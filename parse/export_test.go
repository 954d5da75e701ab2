package parse

// Tables gives the tables that lookup searches, for the test that they are sorted.
func Tables() map[string]string {
	return map[string]string{
		"attributes": attributeNames, "signatures": signatureNames, "hashes": hashNames,
		"trailing forms": trailingForms, "leading forms": leadingForms, "registers": registerNames, "spellings": registerSpellings,
	}
}
