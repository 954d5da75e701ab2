package lint

// Rules gives all rules of this package, in the order in which they are
// documented. Those of logos are tinyps.Rules.
func Rules() []Rule {
	return []Rule{
		extKeyUsageSole(), markPolicy(), serialLength(), serialForm(), validityPeriod(), keyStrength(), signatureAlgorithm(),
		crlPresent(), crlAddress(),
		sanPresent(), sanSyntax(), sanWildcard(), sanUnderscore(), sanReserved(), sanInternal(), sanPublicSuffix(), sanALabel(),
		markTypeRequired(), attributesRequired(), attributesForbidden(), trademarkCountry(), trademarkCountrySpelling(),
		priorUseSource(), priorUseArchive(), pilotAfterEnd(),
		organisationPresent(), organisationLength(), streetPresent(), placePresent(), countryForm(), registrationNumber(),
		businessCategory(), jurisdictionCountry(), duplicateAttribute(),
		logotypeCompressed(), logotypeSHA1(),
		sctPresent(), sctApproved(),
		issuerName(), issuerKeyUsage(), issuerSignature(), issuerRoot(), chainLinks(), chainWhole(),
	}
}
