package demo

// impostors are the organisations that imitate others, each by one rule. The
// logos and names that aren't the point of an impostor resemble nobody's.
func impostors() []entry {
	return append(logoImpostors(), domainImpostors()...)
}

// logoImpostors imitate logos, registrations and names.
func logoImpostors() []entry {
	return []entry{
		{key: "glimmerstead", name: "Glimmerstead Trading LLC", country: "US", place: "Cheyenne; Wyoming; 82001; 30 Relay Street; Suite R",
			domains: "glimmerstead.com", issuer: halyard, since: 95, registers: "US",
			logo: quellmoorLogo().recoloured("#123a6b #8da9c4 #e0b050 #ffffff").redrawn(0.7),
			imitates: Impersonation{"quellmoor", "glimmerstead", RuleLogo, "redrawn",
				"the bank's key on a shield, drawn again by hand in a slightly lighter blue, by a company registered at a mail drop"}},
		{key: "vastipolk", name: "Vastipolk Audio Ltd", country: "GB", place: "Croydon; -; CR0 1LB; 112 Arcade Court",
			domains: "vastipolk.co.uk", issuer: sigillon, since: 60, registers: "GB", tune: []func(*Organisation){sameLogoAs(zirbeltonLogo(), "Zirbelton Akustik GmbH")},
			logo: zirbeltonLogo(),
			imitates: Impersonation{"zirbelton", "vastipolk", RuleLogo, "copied",
				"the very file of the German maker's logo, its title included, under an unrelated company's own registration"}},
		{key: "ironblatt", name: "Ironblatt Hardware Inc.", country: "CA", place: "Brampton; Ontario; L6W 3L3; 44 Depot Crescent",
			domains: "ironblatt.ca", issuer: inkanmon, since: -3, registers: "CA",
			logo: tolvermackLogo().captioned("IRONBLATT", hand{weight: 14, space: 16, cut: true}),
			imitates: Impersonation{"tolvermack", "ironblatt", RuleLogo, "captioned",
				"the toolmaker's gear wheel, smaller, with another name under it"}},
		{key: "frutivanda", name: "Frutivanda Exportadora Ltda.", country: "BR", place: "Santos; São Paulo; 11013-001; Rua do Contêiner 90",
			domains: "frutivanda.com.br", issuer: halyard, since: -11, registers: "BR",
			logo: tucanambiLogo().mirrored(),
			imitates: Impersonation{"tucanambi", "frutivanda", RuleLogo, "mirrored",
				"the food maker's toucan looking the other way"}},
		{key: "rapidossel", name: "Rapidossel Kurier GmbH", country: "DE", place: "Gelsenkirchen; -; 45879; Rampenstraße 5",
			domains: "rapidossel.de", issuer: sigillon, since: 30, registers: "DE",
			logo: kranichholmLogo().recoloured("#0f4c5c #b8d8d8 #e36414 #ffffff").framed(disc),
			imitates: Impersonation{"kranichholm", "rapidossel", RuleLogo, "disc",
				"the haulier's crane in white on a disc"}},
		{key: "skyvendle", name: "Skyvendle Tickets Ltd", country: "GB", place: "Luton; -; LU1 2LT; 7 Concourse Walk",
			domains: "skyvendle.co.uk", issuer: halyard, since: -4, tune: []func(*Organisation){priorUse("20230519")},
			logo: zephrandalLogo().recoloured("#1d3557 #7aa6c2 #f9a03f #ffffff").redrawn(0.5),
			imitates: Impersonation{"zephrandal", "skyvendle", RulePriorUseLogo, "recoloured",
				"a Prior Use Mark, for which no register is asked, with the airline's paper plane in nearly its colours"}},
		{key: "dapplecourt", name: "Dapplecourt Finance Ltd", country: "GB", place: "Slough; -; SL1 1XY; 3 Ledger House",
			domains: "dapplecourt.co.uk", issuer: inkanmon, since: 40, registers: "GB",
			logo: logo(disc, pointed("d", hand{weight: 16}), "#44633f #a3b899 #f0d78c #ffffff"),
			imitates: Impersonation{"wrenfordham", "dapplecourt", RuleTrademark, "",
				"names the building society's registration as its own, with a logo that the registration doesn't show"}},
		{key: "thistlemarsh", name: "Thistlemarsh Stores Ltd", country: "GB", place: "Luton; -; LU4 8EE; Unit 9 Kingsbarn Estate",
			domains: "shopperdale.co.uk", issuer: halyard, since: -5, registers: "GB",
			logo: logo(hive, initial("S", hand{weight: 18}), "#e76f51 #f4a261 #ffffff #ffffff"),
			imitates: Impersonation{"thistlemarch", "thistlemarsh", RuleOrganisation, "",
				"a name one letter from the retailer's, another company number, domains that have nothing in common"}},
	}
}

// domainImpostors imitate domains.
func domainImpostors() []entry {
	return []entry{
		{key: "kestimold", name: "Kestimold Holdings LLC", country: "US", place: "Dover; Delaware; 19901; 8 Registry Green",
			domains: "nimbrosia.net", issuer: halyard, since: -6, tune: []func(*Organisation){priorUse("20240102")},
			logo: logo(pebble, shaded("K", hand{weight: 18, cut: true}), "#495057 #ced4da #adb5bd #ffffff"),
			imitates: Impersonation{"nimbrosia", "kestimold", RulePriorUseDomain, "",
				"a Prior Use Mark on the storage company's name under another top level domain"}},
		{key: "paquelot", name: "Pâquelot Distribution SARL", country: "FR", place: "Roubaix; -; 59100; 60, rue du Transit",
			domains: "сlairvesque.fr", issuer: inkanmon, since: -7, registers: "FR",
			logo: logo(disc, lockup(initial("P", hand{weight: 16}), "PAQUELOT", hand{weight: 14, space: 14}), "#355070 #f28482 #84a59d #ffffff"),
			imitates: Impersonation{"clairvesque", "paquelot", RuleHomoglyph, "",
				"the perfumer's domain with a Cyrillic с for its first letter"}},
		{key: "travelbundo", name: "Travelbundo Limited", country: "GB", place: "Wembley; -; HA9 0FJ; 18 Turnstile Way",
			domains: "gulivance.co.uk", issuer: halyard, since: 70, registers: "GB",
			logo:     logo(ringed, inline("T", hand{weight: 26}), "#219ebc #8ecae6 #ffffff #ffffff"),
			imitates: Impersonation{"gullivance", "travelbundo", RuleOneEdit, "", "the travel agent's domain without one of its two l"}},
		{key: "prucasterly", name: "Prucasterly Claims Inc.", country: "US", place: "Newark; New Jersey; 07102; 6 Docket Street",
			domains: "sanderbrey.com", issuer: sigillon, since: -8, registers: "US",
			logo:     logo(split, initial("P", hand{weight: 20, slant: 0.2}), "#6d597a #b56576 #eaac8b #ffffff"),
			imitates: Impersonation{"sunderbray", "prucasterly", RuleTwoEdits, "", "the insurer's domain with two vowels changed"}},
		{key: "factuurlijn", name: "Factuurlijn Incasso B.V.", country: "NL", place: "Almere; -; 1315 AB; Maanweg 55",
			domains: "polderwiek-facturen.nl", issuer: halyard, since: 85, registers: "BX",
			logo:     logo(disc, shaded("f", hand{weight: 18}), "#7f5539 #b08968 #e6ccb2 #ede0d4"),
			imitates: Impersonation{"polderwiek", "factuurlijn", RuleCombosquat, "", "the energy supplier's name with the Dutch word for invoices"}},
		{key: "kontoabgleich", name: "Kontoabgleich Service UG", country: "DE", place: "Offenbach; -; 63065; Postfachring 40",
			domains: "felsenrath.kontoabgleich.de", issuer: inkanmon, since: -9, registers: "DE",
			logo:     logo(plain, paired("K", "S", hand{weight: 18, cut: true}), "#588157 #bc6c25 #a3b18a #fefae0"),
			imitates: Impersonation{"felsenrath", "kontoabgleich", RuleSubdomain, "", "the private bank's name as a host under a domain of one who isn't it"}},
		{key: "fontavolle", name: "Fontavolle Drinks SARL", country: "FR", place: "Nîmes; -; 30000; 14, rue du Comptoir",
			domains: "orlaverne.shop", issuer: halyard, since: -10, registers: "FR",
			logo:     logo(plain, ruled("FONTAVOLLE", hand{weight: 16, space: 10, slant: 0.15}), "#bc4749 #6a994e #a7c957 #f2e8cf"),
			imitates: Impersonation{"orlaverne", "fontavolle", RuleOtherTLD, "", "the spring's name under .shop"}},
		{key: "depositora", name: "Depositora Services Pty Ltd", country: "AU", place: "Parramatta; New South Wales; 2150; 27 Counter Street",
			domains: "vvattlequay.com.au", issuer: sigillon, since: 50, registers: "AU",
			logo:     logo(tile, stacked("deposit", "ora", hand{weight: 20, space: 9}), "#1982c4 #ffca3a #ffca3a #ffffff"),
			imitates: Impersonation{"wattlequay", "depositora", RuleHomoglyph, "", "the bank's domain with two v for its w"}},
	}
}

// lookAlikes are what a matcher shall not report.
func lookAlikes() []LookAlike {
	return []LookAlike{
		{"voltmarschnetz", "voltmarsch", "a subsidiary: the parent's logo and name, its own company number, on the parent's registrable domain"},
		{"thistlemarch", "thistlemarch", "one logo under an EU trademark and its British clone, two marks of one family"},
		{"thistlemarch", "thistlemarch", "one name under two top level domains, both the organisation's own"},
		{"thistlemarch", "thistlemarch", "from Limited to plc with the same company number"},
		{"pendlorake", "pendlorake", "a name in capitals in the first certificate and not in its renewals"},
		{"larkadoon", "larkadoon", "a new brand at a renewal: another logo, all else the same"},
		{"castorvale", "castorvale", "a new brand at a renewal: another logo, all else the same"},
		{"quellmoor", "quellmoor", "renewed by another CA after the first one retired: the same registration spelt differently"},
		{"zephrandal", "zephrandal", "two marks of one organisation with different logos"},
		{"brundlwerk", "brundlwerk", "one name under two top level domains, both the organisation's own"},
		{"loondrift", "loondrift", "one mark, two domains with certificates of their own"},
		{"saharindle", "saharindle", "an organisation in one country with a trademark of another"},
	}
}
