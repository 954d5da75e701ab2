package demo

// america are the organisations of the United States.
func america() []entry {
	return in("US",
		entry{key: "orvandrel", name: "Orvandrel Systems, Inc.", place: "Boise; Idaho; 83702; 410 Grove Row; Floor 6",
			domains: "orvandrel.com", issuer: halyard, since: 1730, registers: "US", tune: []func(*Organisation){pilot(), named("ORVANDREL")},
			logo: logo(glow, orbit, "#1b1464 #6a3de8 #ffd166 #ffffff")},
		entry{key: "quellmoor", name: "Quellmoor Bancorp, Inc.", place: "Duluth; Minnesota; 55802; 12 Ore Dock Plaza",
			domains: "quellmoor.com", issuer: certwick, since: 1650, registers: "US", tune: []func(*Organisation){identified("5493000QUELLMOOR0066")},
			logo: quellmoorLogo()},
		entry{key: "hunnibrisk", name: "Hunnibrisk Provisions LLC", place: "Asheville; North Carolina; 28801; 77 Apiary Lane",
			domains: "hunnibrisk.com", issuer: halyard, since: 900, registers: "US",
			logo: logo(bare, bee, "#2b2118 #f2d492 #f4a300 #fffaf0").sized(100, 2)},
		entry{key: "nimbrosia", name: "Nimbrosia Cloud Storage, Inc.", place: "Reno; Nevada; 89501; 2200 Sierra Loop",
			domains: "nimbrosia.com", issuer: halyard, since: 1340, registers: "US", tune: []func(*Organisation){named("nimbrosia")},
			logo: logo(tile, swooshed("nimbrosia", hand{weight: 15, space: 13}), "#0077b6 #90e0ef #caf0f8 #ffffff")},
		entry{key: "zephrandal", name: "Zephrandal Airways, Inc.", place: "Tulsa; Oklahoma; 74103; 1 Propeller Court",
			domains: "zephrandal.com fly.zephrandal.com", issuer: sigillon, since: 1010, registers: "US US EM", tune: []func(*Organisation){secondLogo(zephrandalWord())},
			logo: zephrandalLogo()},
		entry{key: "fernhollis", name: "Fernhollis Health System", place: "Spokane; Washington; 99201; 800 Basalt Avenue",
			domains: "fernhollis.org", issuer: certwick, since: 1180, registers: "US", tune: []func(*Organisation){category("Non-Commercial Entity")},
			logo: logo(bare, heart, "#00695c #4db6ac #ff7043 #ffffff")},
		entry{key: "larkadoon", name: "Larkadoon Media Group, Inc.", place: "Athens; Georgia; 30601; 19 Turntable Street",
			domains: "larkadoon.com default._bimi.news.larkadoon.com", issuer: halyard, since: 1420, registers: "US",
			tune: []func(*Organisation){rebranded(logo(tile, stacked("lark", "adoon", hand{weight: 18, space: 12}), "#3d0c60 #ff5da2 #ffd23f #ffffff"))},
			logo: logo(pebble, signal, "#ff3366 #ffd23f #ffe9f0 #ffffff")},
		entry{key: "tolvermack", name: "Tolvermack Tool & Die Co.", place: "Dayton; Ohio; 45402; 3300 Lathe Road",
			domains: "tolvermack.com", issuer: halyard, since: 760, registers: "US", logo: tolvermackLogo()},
		entry{key: "quarrivex", name: "Quarrivex Mining Software, Inc.", place: "Golden; Colorado; 80401; 5 Assay Way; Suite 210",
			domains: "quarrivex.com", issuer: sigillon, since: 410, registers: "US WO",
			logo: logo(bare, cube, "#37474f #78909c #ffab00 #ffffff")},
		entry{key: "pendlorake", name: "Pendlorake Outfitters Co.", place: "Missoula; Montana; 59801; 64 Larch Fork",
			domains: "pendlorake.com", issuer: halyard, since: 640, tune: []func(*Organisation){formerly("PENDLORAKE OUTFITTERS CO."), priorUse("20190412")},
			logo: logo(plain, lockup(peaks, "PENDLORAKE", hand{weight: 12, space: 22, cut: true}), "#3a5a40 #a3b18a #d4a373 #fefae0")},
		entry{key: "sunderbray", name: "Sunderbray Mutual Insurance Company", place: "Hartford; Connecticut; 06103; 9 Elm Quadrangle",
			domains: "sunderbray.com", issuer: certwick, since: 1700, registers: "US", tune: []func(*Organisation){pilot()},
			logo: logo(plain, fluke, "#1d3557 #457b9d #a8dadc #f1faee").sized(64, 2)},
		entry{key: "wickenthorn", name: "Wickenthorn Records, LLC", place: "Memphis; Tennessee; 38103; 210 Vinyl Alley",
			domains: "wickenthorn.com", issuer: halyard, since: 1290, registers: "US", tune: []func(*Organisation){until(420)},
			logo: logo(disc, shaded("W", hand{weight: 16, cut: true}), "#b00020 #5c0011 #ffffff #fff5f5")},
	)
}

// canada is Canada.
func canada() []entry {
	return in("CA",
		entry{key: "borealwick", name: "Borealwick Outerwear Ltd.", place: "Winnipeg; Manitoba; R3C 1A5; 48 Tamarack Street",
			domains: "borealwick.ca", issuer: inkanmon, since: 830, registers: "CA",
			logo: logo(disc, fir, "#14532d #bbf7d0 #fde68a #ffffff")},
		entry{key: "loondrift", name: "Loondrift Canoe Company Ltd.", place: "Kenora; Ontario; P9N 1T6; 3 Portage Landing",
			domains: "loondrift.ca loondrift.com", issuer: halyard, since: 570, registers: "CA", tune: []func(*Organisation){apart()},
			logo: logo(bare, islet, "#264653 #2a9d8f #e76f51 #fdf6e3")},
		entry{key: "castorvale", name: "Assurance Castorvale inc.", place: "Trois-Rivières; Québec; G9A 2B4; 1450, rue des Radeliers",
			domains: "castorvale.ca", issuer: certwick, since: 1530, registers: "CA",
			tune: []func(*Organisation){rebranded(logo(crest, initial("C", hand{weight: 20}), "#7b2d26 #d4a373 #ffffff #ffffff"))},
			logo: logo(tile, ruled("castorvale", hand{weight: 16, space: 12, slant: 0.2}), "#7b2d26 #e0a458 #ffdbb5 #fff8f0")},
		entry{key: "lakesandportages", name: "Department of Lakes and Portages", place: "Ottawa; Ontario; K1A 0P7; 90 Paddle Drive",
			domains: "lakesandportages.example", issuer: inkanmon, since: 700,
			tune: []func(*Organisation){government("Lakes and Portages Act, S.C. 2011, c. 48, s. 7")},
			logo: logo(bare, rosette, "#7a1f1f #7a1f1f #b8860b #ffffff").sized(1000, 2)},
		entry{key: "sucrevonde", name: "Sucrevonde Maple Cooperative", place: "Saint-Georges; Québec; G5Y 3B1; 77, rang des Érables",
			domains: "sucrevonde.ca", issuer: sigillon, since: 260, registers: "CA", tune: []func(*Organisation){category("Business Entity")},
			logo: logo(pebble, oakNut, "#bf4e14 #ffd7a8 #ffe8cc #ffffff")},
	)
}

// brazil is Brazil.
func brazil() []entry {
	return in("BR",
		entry{key: "tucanambi", name: "Tucanambi Alimentos Ltda.", place: "Belém; Pará; 66010-020; Travessa das Mangueiras Novas 311",
			domains: "tucanambi.com.br", issuer: sigillon, since: 470, registers: "BR",
			logo: tucanambiLogo()},
		entry{key: "jacurutema", name: "Jacurutema Energia S.A.", place: "Recife; Pernambuco; 50030-230; Cais do Moinho 40",
			domains: "jacurutema.com.br", issuer: halyard, since: 350, registers: "BR EM",
			logo: logo(tile, weave, "#005f4b #f4d35e #f4d35e #ffffff")},
	)
}

// quellmoorLogo is what glimmerstead imitates.
func quellmoorLogo() design {
	return logo(crest, latch, "#0b2545 #8da9c4 #d9a441 #ffffff")
}

// tolvermackLogo is what ironblatt imitates.
func tolvermackLogo() design {
	return logo(bare, cog, "#212529 #adb5bd #ff6b00 #ffffff")
}

// zephrandalLogo is what skyvendle imitates.
func zephrandalLogo() design {
	return logo(bare, dart, "#003049 #669bbc #f77f00 #ffffff")
}

// zephrandalWord is the airline's second mark: its name alone.
func zephrandalWord() design {
	return logo(plain, wordmark("ZEPHRANDAL", hand{weight: 15, space: 14, slant: 0.25, cut: true}), "#003049 #669bbc #f77f00 #ffffff")
}

// secondLogo gives the second mark another logo than the first's.
func secondLogo(g design) func(*Organisation) {
	return func(o *Organisation) { o.Marks[1].Logo = g.drawn(o.Name) }
}

// tucanambiLogo is what frutivanda imitates.
func tucanambiLogo() design {
	return logo(bare, toucan, "#102a43 #d64545 #f7b32b #e3f9e5").sized(200, 1)
}
