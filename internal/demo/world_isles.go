package demo

// britain is the United Kingdom.
func britain() []entry {
	return in("GB",
		entry{key: "thistlemarch", name: "Thistlemarch Stores plc", place: "Leeds; -; LS1 4DL; 1 Carding Yard",
			domains: "thistlemarch.co.uk thistlemarch.com", issuer: sigillon, since: 1080, registers: "EM GB",
			tune: []func(*Organisation){formerly("Thistlemarch Stores Limited"), cloneOfEM(), apart()},
			logo: logo(tile, stacked("thistle", "march", hand{weight: 17, space: 12}), "#4a1d6b #cdb4f6 #9be564 #ffffff")},
		entry{key: "wrenfordham", name: "Wrenfordham Building Society", place: "Norwich; -; NR2 1TF; 30 Tombland Rise",
			domains: "wrenfordham.co.uk", issuer: certwick, since: 1600, registers: "GB", tune: []func(*Organisation){identified("2138000WRENFORDHAM69")},
			logo: logo(crest, owl, "#3c1361 #c77dff #ffba08 #ffffff")},
		entry{key: "gullivance", name: "Gullivance Travel Ltd", place: "Bristol; -; BS1 5UH; Narrow Quay House; 6 Narrow Quay",
			domains: "gullivance.co.uk", issuer: halyard, since: 930, registers: "GB", tune: []func(*Organisation){named("GULLIVANCE")},
			logo: logo(split, sails, "#0096c7 #00b4d8 #ffe066 #ffffff")},
		entry{key: "saltmorrow", name: "Saltmorrow Press LLP", place: "Edinburgh; -; EH1 2QR; 14 Quire Close",
			domains: "saltmorrow.co.uk", issuer: sigillon, since: 610, registers: "GB",
			logo: logo(plain, lockup(codex, "saltmorrow", hand{weight: 13, space: 13}), "#14213d #8d99ae #ef233c #edf2f4")},
		entry{key: "brackenthew", name: "Brackenthew Brewery Limited", place: "Shrewsbury; -; SY1 1HJ; The Old Maltings; Cardlow Lane",
			domains: "brackenthew.co.uk", issuer: inkanmon, since: 500, registers: "GB",
			logo: logo(ringed, barley, "#5f3713 #a9714b #e09f3e #fff3b0")},
		entry{key: "pocklander", name: "Pocklander Teas Ltd", place: "Hull; -; HU1 3DZ; 88 Lantern Staith",
			domains: "pocklander.co.uk", issuer: halyard, since: 310, tune: []func(*Organisation){priorUse("20210208")},
			logo: logo(pebble, kettle, "#c1121f #fdf0d5 #fdf0d5 #ffffff")},
		entry{key: "harrogilten", name: "Harrogilten Jewellers Ltd", place: "Birmingham; -; B18 6NF; 51 Vyse Court",
			domains: "harrogilten.co.uk", issuer: sigillon, since: 0, registers: "GB",
			logo: logo(bare, brilliant, "#0d3b66 #5fa8d3 #cae9ff #ffffff")},
		entry{key: "mosscadine", name: "Mosscadine Gin Distillers Ltd", place: "Inverness; -; IV1 1SY; Canalside Still House",
			domains: "mosscadine.co.uk", issuer: inkanmon, since: 220, registers: "GB",
			logo: logo(tile, stacked("MOSS", "CADINE", hand{weight: 16, space: 12, cut: true}), "#283618 #bc6c25 #bc6c25 #fefae0")},
	)
}

// australia is Australia.
func australia() []entry {
	return in("AU",
		entry{key: "wattlequay", name: "Wattlequay Bank Limited", place: "Adelaide; South Australia; 5000; 200 Gilbert Arcade",
			domains: "wattlequay.com.au", issuer: sigillon, since: 1120, registers: "AU",
			logo: logo(bare, comb, "#0a3d62 #38ada9 #f6b93b #ffffff")},
		entry{key: "coolibrook", name: "Coolibrook Pastoral Pty Ltd", place: "Dubbo; New South Wales; 2830; Lot 9 Shearers Track",
			domains: "coolibrook.com.au", issuer: inkanmon, since: 540, registers: "AU",
			logo: logo(disc, terrier, "#8d3b1f #f2cc8f #e9c46a #fff8ee")},
		entry{key: "reefandra", name: "Reefandra Dive Co Pty Ltd", place: "Cairns; Queensland; 4870; 5 Trochus Jetty",
			domains: "reefandra.com.au", issuer: halyard, since: 280, registers: "AU", tune: []func(*Organisation){modified()},
			logo: logo(tile, salmon, "#006d77 #83c5be #ffddd2 #edf6f9")},
		entry{key: "kookaburrow", name: "Kookaburrow Media Pty Ltd", place: "Hobart; Tasmania; 7000; 31 Salamanca Steps",
			domains: "kookaburrow.com.au", issuer: halyard, since: 790, registers: "AU",
			logo: logo(tile, halftone, "#10002b #7b2cbf #ff9e00 #ffffff").sized(256, 2)},
		entry{key: "tallowbrig", name: "Tallowbrig Shipping Pty Ltd", place: "Fremantle; Western Australia; 6160; 2 Cable Wharf",
			domains: "tallowbrig.com.au", issuer: certwick, since: 1460, registers: "AU EM",
			logo: logo(bare, beacon, "#1b263b #e63946 #ffc300 #ffffff")},
	)
}
