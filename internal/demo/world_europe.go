package demo

// germany is Germany.
func germany() []entry {
	return in("DE",
		entry{key: "voltmarsch", name: "Voltmarsch AG", place: "Bremen; -; 28195; Am Deichbogen 4",
			domains: "voltmarsch.de", issuer: sigillon, since: 980, registers: "DE", logo: voltmarschLogo()},
		entry{key: "voltmarschnetz", name: "Voltmarsch Netz GmbH", place: "Oldenburg; -; 26122; Umspannweg 17",
			domains: "netz.voltmarsch.de", issuer: sigillon, since: 430, registers: "DE",
			tune: []func(*Organisation){sameLogoAs(voltmarschLogo(), "Voltmarsch AG")}, logo: voltmarschLogo()},
		entry{key: "kranichholm", name: "Kranichholm Logistik GmbH & Co. KG", place: "Rostock; -; 18055; Kranhafen 22",
			domains: "kranichholm.de", issuer: inkanmon, since: 860, registers: "DE EM",
			logo: kranichholmLogo()},
		entry{key: "zirbelton", name: "Zirbelton Akustik GmbH", place: "Rosenheim; -; 83022; Saitengasse 3",
			domains: "zirbelton.de", issuer: halyard, since: 690, registers: "DE", logo: zirbeltonLogo()},
		entry{key: "muehlenquast", name: "Mühlenquast Backwaren GmbH", place: "Göttingen; -; 37073; Mehlstieg 11",
			domains: "mühlenquast.de", issuer: certwick, since: 1560, registers: "DE", tune: []func(*Organisation){named("Mühlenquast")},
			logo: logo(plain, swooshed("mühlenquast", hand{weight: 15, space: 11}), "#6f4518 #a47148 #d4a276 #fff1e6")},
		entry{key: "felsenrath", name: "Felsenrath Privatbank AG", place: "Mainz; -; 55116; Domgeviert 8",
			domains: "felsenrath.de", issuer: certwick, since: 1380, registers: "EM", tune: []func(*Organisation){identified("5299000FELSENRATH014")},
			logo: logo(tile, inline("F", hand{weight: 24, cut: true}), "#1f2d3d #c9a227 #c9a227 #f7f3e9")},
		entry{key: "brundlwerk", name: "Brundlwerk Maschinenbau GmbH", place: "Chemnitz; -; 09111; Fräserstraße 60",
			domains: "brundlwerk.de brundlwerk.com", issuer: sigillon, since: 380, registers: "DE WO",
			logo: logo(bare, sector, "#005f73 #94d2bd #ee9b00 #ffffff")},
		entry{key: "spatzenlohe", name: "Spatzenlohe Versicherung a. G.", place: "Ulm; -; 89073; Münsterblick 2",
			domains: "spatzenlohe.de", issuer: halyard, since: -1, registers: "DE",
			logo: logo(tile, lockup(chime, "spatzenlohe", hand{weight: 14, space: 11}), "#2d6a4f #95d5b2 #ffd60a #ffffff")},
	)
}

// france is France.
func france() []entry {
	return in("FR",
		entry{key: "clairvesque", name: "Clairvesque Parfums SAS", place: "Grasse; -; 06130; 7, montée des Distillateurs",
			domains: "clairvesque.fr", issuer: sigillon, since: 1040, registers: "FR EM",
			logo: logo(plain, lockup(lotus, "CLAIRVESQUE", hand{weight: 9, space: 26, cut: true}), "#3c096c #9d4edd #e0aaff #ffffff")},
		entry{key: "montrefeuil", name: "Jardins Montrefeuil SARL", place: "Angers; -; 49100; 19, allée des Semis",
			domains: "montrefeuil.fr", issuer: inkanmon, since: 520, registers: "FR",
			logo: logo(bare, sprig, "#1b4332 #52b788 #d8f3dc #ffffff").sized(120, 1)},
		entry{key: "brumeline", name: "Brumeline Maison S.A.S.", place: "Lyon; -; 69002; 3, passage de la Soie",
			domains: "brumeline.fr", issuer: certwick, since: 1240, registers: "FR",
			logo: logo(plain, wordmark("BRUMELINE", hand{weight: 8, space: 34, cut: true, tall: 1.5}), "#111111 #555555 #999999 #ffffff")},
		entry{key: "orlaverne", name: "Eaux d'Orlaverne SA", place: "Vichy; -; 03200; 2, place de la Source Froide",
			domains: "orlaverne.fr", issuer: halyard, since: 670, registers: "FR",
			logo: logo(bare, droplet, "#023e8a #48cae4 #caf0f8 #ffffff")},
		entry{key: "traquelisse", name: "Traquelisse Rail SA", place: "Dijon; -; 21000; 55, quai des Aiguilleurs",
			domains: "traquelisse.fr", issuer: sigillon, since: 450, registers: "WO",
			logo: logo(tile, moon, "#14213d #fca311 #fca311 #ffffff")},
		entry{key: "coquerille", name: "Coquerille & Fils SARL", place: "Saint-Malo; -; 35400; 12, cale aux Huîtres",
			domains: "coquerille.fr", issuer: halyard, since: 200, registers: "FR",
			logo: logo(bare, shell, "#9c3d54 #e8a0b4 #f9dcc4 #fffaf5")},
	)
}

// lowlands are the Netherlands.
func lowlands() []entry {
	return in("NL",
		entry{key: "polderwiek", name: "Polderwiek Energie B.V.", place: "Lelystad; -; 8232 DM; Windvang 30",
			domains: "polderwiek.nl", issuer: certwick, since: 1310, registers: "BX",
			logo: logo(bare, vanes, "#0353a4 #61a5c2 #ffb703 #ffffff")},
		entry{key: "klinkerbloem", name: "Klinkerbloem B.V.", place: "Aalsmeer; -; 1431 GZ; Veilingpad 6",
			domains: "klinkerbloem.nl", issuer: sigillon, since: 590, registers: "BX",
			logo: logo(bare, bloom, "#d62828 #f77f00 #fcbf49 #ffffff")},
		entry{key: "duinvaarder", name: "Duinvaarder Rederij N.V.", place: "Den Helder; -; 1781 AE; Kielzog 1",
			domains: "duinvaarder.nl", issuer: halyard, since: 770, registers: "BX EM",
			logo: logo(disc, anchor, "#1d3557 #a8dadc #e63946 #f1faee")},
		entry{key: "dijkenenduinen", name: "Ministerie van Dijken en Duinen", place: "Zwolle; -; 8011 NW; Kruinweg 100",
			domains: "dijkenenduinen.example", issuer: sigillon, since: 330,
			tune: []func(*Organisation){government("Wet merkteken Dijken en Duinen 2019, artikel 3")},
			logo: logo(tile, breakers, "#154273 #e17000 #f9e11e #ffffff")},
	)
}

// alps are Switzerland and Italy.
func alps() []entry {
	return append(in("CH",
		entry{key: "grimselvaux", name: "Banque Grimselvaux SA", place: "Sion; Valais; 1950; Rue du Cristal 5",
			domains: "grimselvaux.ch", issuer: sigillon, since: 1150, registers: "CH",
			logo: logo(plain, lockup(crystal, "grimselvaux", hand{weight: 12, space: 14}), "#1a1a2e #4a4e69 #9a031e #ffffff")},
		entry{key: "uhrenstolz", name: "Uhrenstolz Manufaktur AG", place: "Grenchen; Solothurn; 2540; Unruhweg 9",
			domains: "uhrenstolz.ch", issuer: certwick, since: 1490, registers: "CH WO", tune: []func(*Organisation){apart()},
			logo: logo(bare, dial, "#2f2f2f #8d99ae #d90429 #ffffff")},
		entry{key: "zahnradel", name: "Zahnradel Bergbahnen AG", place: "Meiringen; Bern; 3860; Talstation 1",
			domains: "zahnradel.ch", issuer: halyard, since: 490, registers: "CH",
			logo: logo(bare, echelon, "#d00000 #6c757d #adb5bd #ffffff")},
		entry{key: "seerosina", name: "Seerosina Pharma AG", place: "Zug; Zug; 6300; Molekülgasse 21",
			domains: "seerosina.ch", issuer: inkanmon, since: 240, registers: "CH EM",
			logo: logo(bare, helix, "#006466 #4d908e #f94144 #ffffff")},
	), in("IT",
		entry{key: "torrebruma", name: "Torrebruma S.p.A.", place: "Cremona; CR; 26100; Via dei Liutai Nuovi 18",
			domains: "torrebruma.it", issuer: halyard, since: 810, registers: "EM",
			logo: logo(bare, coronet, "#6a040f #9d0208 #faa307 #fffcf2")},
		entry{key: "lumacchio", name: "Lumacchio S.r.l.", place: "Cuneo; CN; 12100; Corso delle Chiocciole 4",
			domains: "lumacchio.it", issuer: sigillon, since: 300, registers: "EM", tune: []func(*Organisation){modified()},
			logo: logo(bare, spiral, "#386641 #a7c957 #bc4749 #f2e8cf")},
	)...)
}

// north are Sweden and Denmark.
func north() []entry {
	return append(in("SE",
		entry{key: "granlykta", name: "Granlykta AB", place: "Växjö; -; 352 30; Glasblåsargränd 2",
			domains: "granlykta.se", issuer: halyard, since: 880, registers: "SE",
			logo: logo(pebble, blaze, "#240046 #ff9e00 #ff6d00 #ffffff")},
		entry{key: "bjoerkvinge", name: "Björkvinge Flyg AB", place: "Luleå; -; 972 34; Hangarvägen 7",
			domains: "björkvinge.se", issuer: sigillon, since: 1200, registers: "SE",
			logo: logo(tile, stacked("björk", "vinge", hand{weight: 22, space: 9, slant: 0.22}), "#0a9396 #94d2bd #e9d8a6 #ffffff")},
		entry{key: "kronhjortika", name: "Kronhjortika AB", place: "Östersund; -; 831 30; Hornstigen 14",
			domains: "kronhjortika.se", issuer: inkanmon, since: 360, registers: "EM",
			logo: logo(bare, stag, "#432818 #99582a #bb9457 #ffe6a7")},
	), in("DK",
		entry{key: "kystmoelle", name: "Kystmølla A/S", place: "Esbjerg; -; 6700; Molekaj 12",
			domains: "kystmølla.dk", issuer: certwick, since: 1410, registers: "DK",
			logo: logo(plain, lockup(rotor, "kystmølla", hand{weight: 15, space: 13}), "#c8102e #5c677d #7d8597 #ffffff")},
		entry{key: "havblinket", name: "Havblinket ApS", place: "Skagen; -; 9990; Fyrstien 1",
			domains: "havblinket.dk", issuer: halyard, since: -2, registers: "DK",
			logo: logo(glow, rose, "#03045e #0077b6 #90e0ef #ffffff")},
	)...)
}

// spain is Spain.
func spain() []entry {
	return in("ES",
		entry{key: "soltrivela", name: "Soltrivela Hoteles, S.A.", place: "Almería; -; 04002; Paseo de las Salinas 9",
			domains: "soltrivela.es", issuer: sigillon, since: 730, registers: "ES EM",
			logo: logo(bare, mosaic, "#e85d04 #0081a7 #fed9b7 #ffffff")},
		entry{key: "almendrique", name: "Almendrique Turrones, S.L.", place: "Alicante; -; 03001; Calle del Obrador 25",
			domains: "almendrique.es", issuer: inkanmon, since: 180, registers: "ES",
			logo: logo(pebble, pointed("a", hand{weight: 17}), "#a44a3f #f4f1de #f2cc8f #ffffff")},
	)
}

// voltmarschLogo is shared by a parent and its subsidiary.
func voltmarschLogo() design {
	return logo(tile, paired("V", "M", hand{weight: 17, cut: true}), "#00296b #fdc500 #ffd500 #ffffff")
}

// zirbeltonLogo is what vastipolk copies.
func zirbeltonLogo() design {
	return logo(ringed, lyre, "#22223b #9a8c98 #c9184a #f2e9e4")
}

// kranichholmLogo is what rapidossel imitates.
func kranichholmLogo() design {
	return logo(bare, crane, "#0f4c5c #5f9ea0 #e36414 #ffffff")
}
