package organisation

// fillers are words that names have or leave out at will.
const fillers = `
the of and for at by de la le les du des et en l d der die das dem den und von vom zu zur zum für
van het een voor del della dello dei degli delle di da do dos das e y el los las il lo gli i og och
ja ve`

// business are words that say what a company does or is, in the languages of the registers that
// mark certificates name: each line is one word in its spellings, without diacritics.
const business = `
bank banks banking banque banco banca bancorp bankas banka banken bancaire sparkasse bankgesellschaft sberbank
group groupe gruppe grupo gruppo groep groups grup grupa gruppen konzern guruh
holding holdings beteiligung beteiligungen beteiligungsgesellschaft participacoes participations participation
international internacional internazionale internationale intl worldwide global globally world
service services servicio servicios servizi servicos dienst diensten dienste dienstleistung dienstleistungen tjenester palvelut uslugi
solution solutions soluciones solucoes soluzioni losungen
trade trading trader traders handel handels handelsgesellschaft comercio comercial comercializadora commerce commercial commerciale ticaret torgovyi
company companies compagnie compania companhia compagnia kompania firma firm enterprise enterprises entreprise entreprises empresa empresas impresa unternehmen corporate business businesses venture ventures
consult consulting consultancy consultants consultant consultores consultoria beratung unternehmensberatung conseil conseils advisory advisors adviser advisers advies
tech technology technologies technologie technologia tecnologia tecnologias tecnologie teknoloji technik technics technical techniques tekhnologii
system systems systeme systemes sistemas sistemi sistem
software hardware computer computers computing informatik informatique informatica data digital digitale it ict online internet web cyber cloud network networks netz netze net app apps platform platforms electronic electronics elektronik electronica
payment payments pay paiement paiements pagos pagamenti pagamentos zahlung zahlungen betaling billing bill bills invoice invoices invoicing rechnung rechnungen facture factures facturen facturas fatture faktura claim claims wallet inkasso incasso mahnung
secure security securities safe safety sicherheit seguridad securite seguranca sicurezza trust trusts trusted trustee
finance financial finances financiere finanz finanzen finanziaria financiera finanzas finanse financing fin
capital kapital credit credits kredit credito crediti loan loans lending leasing mortgage mortgages
invest investment investments investing investor investors investissement investissements inversiones investimentos investimenti fund funds fonds fondo equity asset assets wealth private privat prive privee privada
privatbank volksbank landesbank genossenschaftsbank handelsbank
insurance insurances assurance assurances versicherung versicherungen versicherungs seguros seguro assicurazioni verzekering verzekeringen reinsurance sigorta mutual
management manage managing verwaltung verwaltungs gestion gestione administration admin operations operating operation
property properties real estate realty immobilien immobilier immobiliare inmobiliaria imobiliaria vastgoed housing homes land development developments developers developer
construct construction constructions bau bauunternehmen baugesellschaft construcciones costruzioni building builders build
industry industries industrial industrie industria industrias industrielle manufacturing manufacturer manufacturers manufaktur manufacture production productions produktion produkte product products produits produtos
engineering engineers engineer maschinenbau ingenieria ingenierie ingegneria engenharia machine machines machinery maschinen
store stores shop shops shopping retail retailer retailers market markets markt marketplace supermarket supermarkets magasin magasins outlet mart wholesale grosshandel
food foods alimentos alimentari alimentaire lebensmittel nahrungsmittel beverage beverages drink drinks getranke bakery backerei backwaren catering restaurant restaurants cafe kitchen gourmet
health healthcare medical medic clinic clinics klinik kliniken hospital hospitals krankenhaus care pharma pharmaceutical pharmaceuticals pharmacy pharmacies apotheke farmacia dental wellness gesundheit sante salud therapeutics biotech
energy energie energia energies energi power electric electrical electricity elektro gas oil petroleum solar strom water wasser eau eaux acqua agua vatten stadtwerke utilities utility renewables
logistic logistics logistik logistique logistica transport transports transporte transportation transportes trasporti spedition shipping shipper freight cargo courier kurier delivery
travel travels reisen voyages viajes viaggi viagens tour tours tourism tourist tourism holidays holiday hotel hotels hoteles hoteis resort resorts
airline airlines airways air aviation flug flyg aerospace
media medien verlag verlage publishing publisher publishers publications press presse news film films movie pictures studio studios entertainment music musik records radio tv television broadcasting
marketing advertising werbung publicidad publicite agency agencies agentur agence agencia agenzia communication communications kommunikation comunicacion telecom telecommunication telecommunications telekom mobile phone telefon telefonica
design designs designer creative creations atelier fashion mode moda clothing apparel textile textiles textilien wear jewellers jewelry jewellery jewelers cosmetics beauty kosmetik parfums
auto autos automotive automobile automobiles automobili car cars motor motors motoren vehicle vehicles fahrzeuge
school schools schule university universitat universite universidad universita college academy akademie academia institute institut instituto istituto education learning training bildung
association associations verein verband vereinigung foundation stiftung fondation fundacion fondazione fundacao stichting charity charitable trust society societies gesellschaft societe sociedad sociedade societa maatschappij vereniging federation union club cooperative cooperativa genossenschaft coop community
department ministry ministere ministerio ministerium ministerie ministero agency authority council government office bureau board commission committee administration
support customer customers client clients clientes kunden kundenservice kundenportal kundendienst account accounts konto konten compte comptes cuenta cuentas rekening help helpdesk hilfe aide ayuda assistance verify verification verified validation login portal rewards refund refunds center centre centres centers zentrum centro
research laboratory laboratories labor labs lab science sciences scientific innovation innovations innovative development
sale sales vertrieb vertriebs ventas vendite distribution distributions distributor distributors distribuidora supply supplies supplier suppliers export exports exportadora import imports importadora procurement purchasing
partner partners partnership associates associate brothers bros sons fils sohne figli hijos hermanos freres fratelli zonen
resource resources mining mines minerals metals metal steel stahl acier chemical chemicals chemie chimie quimica plastics plastic paper papier
law legal lawyers attorneys solicitors notary rechtsanwalte avocats abogados tax steuerberatung accounting accountants audit
farm farms agriculture agricultural agro agri garden gardens garten forest
recruitment recruiting staffing personnel personal human jobs career careers
lifestyle leisure sport sports sporting fitness game games gaming casino toys toy
gmbh ag ltd llc inc plc limited corp corporation co sa srl bv ab oy as ooo
bank societatea societas spolecnost spolka kompaniya obshchestvo gruppa torg stroi prom
rail railway railways bahn bahnen bergbahnen
tea teas coffee coffees kaffee koffie caffe wine wines winery wein weine weingut vin vins vinos vini gin whisky spirits beer beers bier chocolate chocolates chocolat schokolade maple honey sugar salt
house houses maison maisons haus hauser casa casas huis hus dom manor
jardin jardins jardines giardini blumen bloemen flowers florist fleurs plants
shoes schuhe book books bucher livres libros libri boeken bike bikes bicycle bicycles pet pets fish fisch seafood meat fleisch
tool tools werkzeuge werkzeugbau werk werke werken works workshop werkstatt fabrik fabrique fabrica fabbrica factory mill mills
provisions outfitters outerwear cycles instruments distillers brewery brewing pastoral acoustics akustik audio tickets ticket alliance direct brand brands`

// places are words that tell companies apart but are in many names: directions, sizes, orders,
// and the names of countries and large cities.
const places = `
north south east west northern southern eastern western northeast northwest southeast southwest central nord sud sued ost norte sur sul oriental occidental
first second third 1st 2nd 3rd one two three new neue neuer nuevo nova novo nouveau old great grand grande big little small super mega ultra plus pro prime premier premium best top smart modern future general national nacional nationale federal royal imperial public united unified universal allied american standard classic advanced next green blue red white black silver gold golden city town county state regional local
america americas usa us canada canadian kanada mexico brasil brazil brazilian argentina chile colombia peru latin
europe europa european europaische euro eu britain british england english scotland scottish wales welsh ireland irish uk
germany german deutschland deutsche deutscher deutsches france francaise francais french spain espana espanola spanish portugal portuguesa italy italia italian italiana italiano
netherlands nederland nederlandse dutch holland belgium belgique belgie belgian luxembourg swiss switzerland schweiz schweizer schweizerische suisse svizzera austria austrian osterreich osterreichische
denmark danmark danish danske norway norge norwegian norsk norske sweden sverige swedish svenska finland suomi finnish nordic baltic iceland
poland polska polish polski czech ceska cesky slovakia slovak slovenska hungary magyar hungarian romania romanian romana bulgaria bulgarian croatia hrvatska serbia slovenia greece hellas hellenic greek cyprus malta turkey turkiye turk turkish russia russian rossiya ukraine ukrainian
israel arab arabia arabian saudi emirates uae dubai abu dhabi sharjah qatar kuwait oman bahrain egypt africa african nigeria kenya morocco maroc
asia asian china chinese hong kong taiwan japan japanese nippon nihon korea korean india indian bharat pakistan bangladesh lanka vietnam viet thailand thai malaysia singapore indonesia philippines pacific australia australian zealand
london paris berlin munchen munich hamburg frankfurt koln wien vienna zurich geneva geneve bern basel rome roma milano milan madrid barcelona lisboa lisbon amsterdam rotterdam brussels bruxelles dublin edinburgh manchester birmingham stockholm oslo copenhagen kobenhavn helsinki warszawa warsaw praha prague budapest athens istanbul moscow moskva kyiv tokyo osaka kyoto beijing shanghai shenzhen guangzhou seoul mumbai delhi bangalore sydney melbourne toronto montreal vancouver york chicago boston dallas houston texas california florida washington los angeles san francisco
atlantic pacific mediterranean alpine transatlantic continental intercontinental metropolitan metro`

// surnameEnds are the ends of surnames: of the north, of Germany, of the Slavic and Baltic
// languages, of Italy, Greece, Turkey and the Caucasus.
const surnameEnds = `
inen onen anen sson ssen nsen rsen lsen tsen dsen strom stroem stedt qvist kvist lund gren
mann meier meyer maier mayer bauer berger berg inger hofer huber stein feld dorf
ski cki dzki ska cka wicz vich vych ovic evic ovics evics ovich evich enko chuk czuk czyk yuk iuk ovsky evsky sky sky skyi skaya ov ova ev eva kova nova yan ian uk
elli etti ini ucci acci occhi acchi oni otti azzi izzi ello etto one ioli oli eri
akis idis oulos adis atos oglu shvili adze idze escu eanu
vic icek acek ak ik ek ova ova nagy falvi falusi kas kis nis aitis auskas
mans kins aux ault eau ard ez inho eiro eira ado`

// eastern are words that say what a company does where names are written without spaces.
const eastern = `
銀行 信用金庫 保険 生命保険 証券 グループ ホールディングス サービス システム 商事 商会 商店 工業 産業 電機 電気 電力 電子 製薬 製作所 食品 不動産 建設 運輸 運送 交通 鉄道 通信 印刷 出版 化学 薬品 物流
银行 保险 证券 集团 集團 控股 网络 網絡 信息 資訊 技术 技術 科技 贸易 貿易 国际 國際 投资 投資 电子 食品 物流 服务 金融 支付 电力 医药 实业
은행 그룹 홀딩스 보험 증권 전자 서비스 건설 산업 식품 물류 금융 페이 시스템 통신 제약 상사`
