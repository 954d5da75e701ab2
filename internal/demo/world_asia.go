package demo

// japan is Japan.
func japan() []entry {
	return in("JP",
		entry{key: "kumonagare", name: "Kumonagare K.K.", place: "Sendai; Miyagi; 980-0811; 2-8-31 Kumomachi",
			domains: "kumonagare.co.jp", issuer: inkanmon, since: 1270, registers: "JP",
			logo: logo(plain, scales, "#1d3461 #376996 #f9c80e #ffffff").sized(300, 1)},
		entry{key: "tsurubane", name: "Tsurubane Kabushiki Kaisha", place: "Kanazawa; Ishikawa; 920-0918; 5-1 Hanenomachi",
			domains: "tsurubane.co.jp", issuer: inkanmon, since: 840, registers: "JP",
			logo: logo(disc, plume, "#bc002d #ffd6dc #ffffff #fffdfa")},
		entry{key: "hoshitsubo", name: "Hoshitsubo Co., Ltd.", place: "Matsuyama; Ehime; 790-0004; 1-12 Tsubogaoka",
			domains: "hoshitsubo.co.jp", issuer: halyard, since: 660, registers: "JP",
			logo: logo(tile, lookout, "#2b2d42 #8d99ae #edf2f4 #ffd166")},
		entry{key: "asagirido", name: "Asagirido Pharmaceutical Co., Ltd.", place: "Toyama; Toyama; 930-0002; 7-3 Kirinobashi",
			domains: "asagirido.co.jp", issuer: inkanmon, since: 530, registers: "JP", tune: []func(*Organisation){orphaned()},
			logo: logo(split, inline("A", hand{weight: 26}), "#386fa4 #133c55 #59a5d8 #ffffff")},
		entry{key: "mikanzora", name: "Mikanzora Foods Co., Ltd.", place: "Wakayama; Wakayama; 640-8137; 3-9 Mikanzaka",
			domains: "mikanzora.co.jp", issuer: inkanmon, since: 390, registers: "JP WO",
			logo: logo(bare, daybreak, "#f3722c #577590 #f9844a #fff7e6")},
		entry{key: "kameshirabe", name: "Kameshirabe Instruments K.K.", place: "Hamamatsu; Shizuoka; 430-0946; 4-20 Kamenoura",
			domains: "kameshirabe.co.jp", issuer: sigillon, since: 0, registers: "JP",
			logo: logo(bare, turtle, "#1b4332 #74c69d #ffd166 #ffffff")},
	)
}

// south are India and the United Arab Emirates.
func south() []entry {
	return append(in("IN",
		entry{key: "chandravelo", name: "Chandravelo Cycles Private Limited", place: "Pune; Maharashtra; 411001; 18 Spoke Lane",
			domains: "chandravelo.in", issuer: halyard, since: 560, registers: "IN",
			logo: logo(bare, links, "#9a031e #fb8b24 #5f0f40 #ffffff")},
		entry{key: "mayurandhi", name: "Mayurandhi Textiles Private Limited", place: "Coimbatore; Tamil Nadu; 641001; 42 Loom Street",
			domains: "mayurandhi.in", issuer: sigillon, since: 290, registers: "IN",
			logo: logo(bare, shutter, "#0b7a75 #19535f #7b2d26 #f0f3f5")},
	), in("AE",
		entry{key: "saharindle", name: "Saharindle Trading LLC", place: "Sharjah; -; 00000; Warehouse Row 3",
			domains: "saharindle.ae", issuer: halyard, since: 480, registers: "CH",
			logo: logo(bare, fox, "#bb3e03 #ee9b00 #001219 #fffaf0")},
		entry{key: "qamrazul", name: "Qamrazul Telecom PJSC", place: "Fujairah; -; 00000; Antenna Hill 1",
			domains: "qamrazul.ae", issuer: inkanmon, since: 150, registers: "EM",
			logo: logo(bare, chatter, "#5a189a #c77dff #ffffff #ffffff")},
	)...)
}

// honest are the organisations that imitate nobody.
func honest() []entry {
	var all []entry
	for _, list := range [][]entry{
		america(), canada(), brazil(), britain(), australia(), germany(), france(),
		lowlands(), alps(), north(), spain(), japan(), south(),
	} {
		all = append(all, list...)
	}
	return all
}
