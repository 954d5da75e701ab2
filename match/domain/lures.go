package domain

// lures are the words that impostors put beside a name, by language: what promises, urges,
// asks to pay or to sign in, and what looks like a part of the host name of a company.
const lures = `
access account accounts activate activation admin agent alert alerts app apps assist auth authenticate authorize
award bank banking benefit benefits bill billing billpay blog bonus booking bookings buy campaign cancel card cards care career careers
cart cash center centre chat check checkout claim claims client clients cloud code confirm confirmation connect
contact contest corp coupon credit crypto customer customers dashboard deal deals deliver delivery deposit desk device
direct discount docs document documents download drive email exchange express fee fees file files finance forum free
fraud gift giftcard gifts giveaway global group hacked hello help helpdesk helpline home host hosting hotline id
identity inc info insurance invest invoice invoices job jobs learn limited live loan locked log login loginpage logon
logout loyalty ltd llc mail mailbox mails manage manager market marketing media member members message mobile money my
myaccount news newsletter notice notification now number offer offers official onboarding online order orders outlet
owa page parcel partner partners party password pay payment payments payout payroll phone plan point points policy
portal post prepaid press prize profile promo promotion protect protection purchase receipt recover recovery redeem
refund refunds register registration reminder renew renewal rental report reset resolution resolve retail return
returns reward rewards safe safety sale sales save secure secured security seguro server service services session
settings share shipping shop shopping shops sign signin signup site sites sms social sso staff statement statusupdate
store stores stream submit subscribe subscription suite support survey suspended suspension system tax team tech ticket
tickets token track tracking trade trading transaction transfer travel trust try tv unlock unsubscribe unusual update
updates upgrade us usa user users validate validation vault verification verified verify video view vip voucher vpn wallet
warning warranty web webmail website webshop welcome win winner wire work world zone
com net org www ww wwww co http https ftp api cdn dev mx ns smtp imap pop docs eu uk de fr nl it es ch at au jp cn ru br
abholung abo abmelden abrechnung aktion aktivieren aktualisieren angebot angebote anmelden anmeldung antrag auftrag
ausweis bestaetigen bestaetigung bestellung bestellen betrug beitrag dienst dienste einloggen einkauf einzahlung
empfang entsperren erneuern erstattung filiale finanzen firma freischalten gebuehr gewinn gewinnspiel gmbh gratis
guenstig gutschein gutscheine hilfe inkasso jetzt karte karten kaufen konten konto kredit kunde kunden kundendienst
kundenservice lieferung mahnung meine mein nachricht netz onlinebanking paket passwort post praemie pruefen pruefung
rabatt rechnung rechnungen rueckerstattung rueckzahlung sendung sicher sicherheit sparen sperrung steuer strom
ueberpruefung ueberweisung umfrage verifizieren verifizierung versand verwaltung vertrag vorteil zahlen zahlung
zahlungen zugang zustellung
abonnement accueil achat acheter activer actualiser adhesion agence aide annulation assistance assurance avis banque
bancaire boutique cadeau carte client clientele clients colis commande commandes compte comptes confirmer connexion
contrat courrier debloquer devis dossier espace expedition facture factures finances formulaire fidelite fraude
gagnant gestion gratuit identifiant identification impot impots inscription livraison magasin messagerie monespace
moncompte offre offres paiement paiements paye payer prime promotion recompense reglement reinitialiser rembourser
remboursement renouveler renouvellement reservation secours securise securite service soldes solde suivi urgence
validation vente verifier virement
aceptar acceso activar actualizar administracion alerta aviso ayuda banca banco beneficio bloqueo boleta bono cambio
cancelar cliente clientes cobro cobros compra compras comprar comprobante confirmar contrasena correo correos credito
cuenta cuentas cupon deposito descuento descuentos devolucion dinero empresa empleo entrar entrega envio envios factura
facturas facturacion fraude ganador gratis ingresar ingreso inicio multa oferta ofertas oficial pago pagos pagar paquete
pedido pedidos permiso portal premio premios prestamo promocion puntos recarga reclamo reembolso registro renovar sesion
seguridad servicio servicios solicitud soporte sucursal tarjeta tarjetas tienda trabajo transferencia tramite usuario
validar venta ventas verificacion verificar
accedi accesso account aggiorna aggiornamento aiuto assegno assicurazione assistenza attiva avviso bolletta bonifico
buono carta cassa cliente clienti confermare conferma consegna conto conti credito fattura fatture gratuito imposta
lavoro negozio offerta offerte ordine ordini pacco pagamento pagamenti pagare premio prestito recupero rimborso rinnova
riscatto saldi sblocca sconto sconti sicurezza sicuro spedizione spedizioni tessera vendita verifica vincita
acessar acesso ajuda aplicativo atendimento atualizar banco boleto brinde cadastro cartao cobranca compra compras
comprovante conta contas credito desconto descontos emprestimo encomenda entrada entrar entrega fatura faturas gratis
ganhe liberacao loja oferta ofertas pagamento pagamentos pagar pedido pontos premio promocao recarga reembolso resgate
renovacao segunda segundavia seguranca seguro senha servico sorteio suporte taxa venda verificar
aanbieding aanmelden aanvraag aangifte afspraak beheer belasting bestelling betaal betaalpas betalen betaling
betalingen bevestigen bevestiging beveiliging bezorging contract energie factuur facturen gratis hulp incasso inlog
inloggen kassa klant klanten klantenservice korting kwijtschelding lening levering melding mijn nieuws online
ontgrendelen opzeggen pakket pakketje pas polis premie prijs rekening rekeningen retour scan schuld storting
tegoed terugbetaling toegang toeslag verificatie verifieren verlengen verzekering verzending wachtwoord winkel
aktivera avgift avtal bekrafta bestallning betala betalning bidrag deklaration erbjudande faktura fakturor forsakring
hjalp inloggning kampanj kort kund kundtjanst kvitto lan leverans lonen logga losenord mina order paket rabatt rea
saker sakerhet skatt skuld uppdatera verifiera
aktiver bekraeft bestilling betaling betal erstatning faktura fakturaer forsikring gave godkend hjaelp indbetaling
kontingent konto kunde kundeservice kvittering laan levering loginside medlem min nyhed opdater ordre pakke pakker
rabat refusion sikker sikkerhed skat tilbagebetaling tilbud verificer bekreft betaling hjelp innlogging kontant
lonn minside nett oppdater sikkerhet skatt tilbud
aktywacja bezpieczenstwo doladowanie dostawa faktura faktury konto kupon logowanie nagroda odbior oferta oplata paczka
panel platnosc platnosci pomoc potwierdz przelew przesylka rabat sklep sprawdz weryfikacja zamowienie zwrot
banka bilet destek fatura giris guvenli guvenlik hediye hesap hizmet indirim kampanya kargo kart kazan kredi musteri
odeme odul onay sepet siparis sifre sube uyelik yardim
aktivasi akun bantuan bayar daftar gratis hadiah hubungi kartu keamanan layanan masuk pelanggan pembayaran promo
resmi tagihan undian
anshin denki furikomi henkin jouhou kaiin kaiyaku kakunin kouza  ginko haitatsu mypage nimotsu otoku
seikyu shiharai shinsei tenpo touroku
anquan chongzhi denglu dingdan fapiao guanwang kefu kuaidi qianbao shangcheng shoufu yanzheng yinhang zhanghu zhifu
zhuce
aktsiya bonus dostavka kabinet karta kredit kupit lichniy magazin oplata perevod podarok pomosch schet skidka vhod
vyplata zakaz zayavka
überweisung bestätigung prüfung gebühr gebühren kündigung rückerstattung rückzahlung günstig prämie säkerhet hjälp försäkring
вход войти личный кабинет оплата платеж счет банк карта безопасность подтверждение заказ доставка поддержка скидка приз
акция помощь онлайн магазин перевод пароль вхід рахунок допомога είσοδος σύνδεση πληρωμή τράπεζα λογαριασμός
登录 登陆 支付 银行 官网 客服 账户 验证 充值 优惠 快递 商城 订单 登入 銀行 客服中心 驗證 優惠 ログイン 認証 会員 支払い 確認 公式 銀行口座 配送
再配達 請求 重要 로그인 은행 결제 배송 인증 고객센터 쿠폰 이벤트 تسجيل الدخول بنك دفع حساب تحقق דחוף כניסה בנק תשלום חשבון
`

// ordinaryWords are words that many honest names are made of, where counts of how often words
// are used put them too low, or only among passwords.
const ordinaryWords = `
alpha amber anchor apex apple arrow aspen atlas aurora avenue azure badger bamboo banner beacon bear berry blossom
boost branch brick bridge bright bronze butter cactus canyon cape carbon cedar chase cherry cinder circle citrus clever
clover coast cobalt comet compass copper coral cosmic cotton crane crest crown crystal daisy dawn delta desert diamond
dolphin dove dragon eagle earth echo eclipse elm ember emerald epic falcon feather fern finch flame flash flora forge
fortune fox frontier fusion galaxy garnet gem genesis ginger globe golden granite grove guardian hammer harbor harbour
harvest haven hawk hazel heron hive honey horizon icon indigo infinity iris iron island ivory ivy jade jasmine jet
jungle jupiter kite lantern laurel lava leaf legacy lemon liberty light lily lime lion logic lotus lunar lynx magnet
magnolia mango maple marble matrix meadow melon mercury meteor metro mint mirror mist monarch moon mosaic mustang
nebula nectar nest nexus noble nova oak oasis ocean olive omega onyx opal optima orange orbit orchid origin otter owl
palm panda panther paradise pearl pebble penguin pepper phoenix pilot pine pinnacle pioneer pixel planet platinum plum
polar poppy prime prism pulse purple quantum quartz quest rabbit radiant rain rainbow raven reef ridge river robin
rocket rose royal ruby saffron sage sail sapphire saturn scout shadow shark shell shield silver sky slate smart solar
sonic spark sparrow spectrum spider spring sprout spruce star stellar stone storm stream summit sun sunrise sunset
swan swift tango target thunder tiger titan topaz torch tower trident tulip tundra turtle twilight ultra umbra union
unity urban valley vanguard vantage vector velvet venture venus verde vertex victory vine violet viper vision vista
vital vivid vortex walnut wave whale wild willow wind winter wolf wonder yellow zebra zen zenith zephyr zinc
acorn actor almond aloe angel ant antelope apricot apron arcade arch arena armor armour artist ash aster astro attic autumn
baker bakery balance balcony ballet balloon banana band banjo barber barley barn barrel basil basket bat bath beach bean
beaver bee beetle bell belt bicycle birch bird biscuit bison blanket blaze bliss blue boat bolt bone book boot bottle
boulder bow bowl box bread breeze brook broom brother brush bubble bucket buddy buffalo bugle builder bull bunny
butcher butter butterfly button cabin cable cactus cake calendar camel camera camp candle candy canoe canvas captain
caramel cardinal caravan carnival carpet carrot cart castle cat cathedral cello century chain chair chalk champion
cheese cheetah chef cherry chess chestnut chicken chili chimney chocolate chorus church cinema cinnamon city clay
cliff clock cloud clown coach cobra cocoa coconut coffee coin color colour comb concert condor cookie corner
cornerstone cosmos cottage cougar county cow cowboy coyote crab cracker cradle crater crayon cream cricket crocus
crow cruise cube cucumber cup cupcake curry curtain cushion cycle cypress dancer dart date deer dentist diary dinner
dinosaur doctor dog doll donkey donut door doughnut dragonfly dream dress drum duck dune eagle easel east echo elephant
elevator elf engine evergreen explorer express fable factory fairy family farm farmer feast fennel fern ferry fiddle
field fig fire firefly fish flag flamingo flower flute forest fork fort fountain fresh frog frost fruit fudge
garage garden garlic gate gazelle gecko ghost giant giraffe glacier glass globe glove glow goat goose gourmet grain
grape graph grass grasshopper great green grid grizzly guitar gull hair hare harmony harp hat hearth heart heather
hedgehog helmet herb hero hickory highway hill hippo hobby hollow holly home hood hoof hope horn horse hotel hound
house hummingbird hunter husky hut ice igloo impala inn jacket jackal jaguar jam jar jasper jay jelly jewel jigsaw
journal journey joy juice juniper kangaroo kettle key keystone king kingfisher kitchen kitten kiwi knight koala lab
ladder lady lagoon lake lamb lamp lark lavender lawn leather legend lemonade leopard letter lighthouse lilac linen
lizard llama lobster locket lodge loft loom lounge lucky lumber lunch lychee lyric macaroni machine magic magpie maid
mail mandarin mango manor mantis marathon market marshmallow mask mason master meadowlark medal mercy mermaid
milestone milk mill miller mineral miracle mocha mole monkey moose morning mosquito moth motor mountain mouse mulberry
muffin museum mushroom music mustard myrtle native nature navy needle nest nickel night nightingale noodle north
nova nurse nut nutmeg oat octopus office onion opera oracle orchard oregano organ ostrich oven owl oxen oyster paddle
paint palace palette pan pancake papaya paper paprika parade parrot parsley partner party pasta pastry patch path
patriot peach peacock peanut pear pelican pencil penny people piano pickle picnic pigeon pillow pinecone pineapple
pirate pistachio pizza plaza pocket poet polo pond pony porcupine potato pottery prairie prince princess puffin
pumpkin puppet puppy purse puzzle pyramid quail queen quick quilt quince raccoon radio radish railway ranch ranger
raspberry rattle ray record red reindeer rhino ribbon rice ring road rodeo roller roof rooster root rope rosemary
runner rust saddle safari sailor salad salmon salon salt sand sandal sandcastle sandwich sardine sausage scarlet
school scooter scorpion sea seal seed sesame shadow shamrock shape sheep shelter sheriff shine ship shoe shore shrimp
sister skate sketch skull sky sled sloth snail snake snow snowball snowflake soap soda sofa soldier song soup south
soy space spice spinach spirit sponge spoon spot square squash squirrel stable stag stamp station steam steel stork
strawberry studio sugar suit summer sunflower sunny sunshine surf swallow sweet sword symphony syrup table tailor
tea teacher telescope temple tennis tent theater theatre thistle thread throne thunderbolt thyme tiara ticket timber
toast toffee tomato tool toucan town toy tractor trail train treasure tree triangle tribe trumpet truck tuna tunnel
turkey twin umbrella unicorn universe utopia vacation vanilla vase vegetable village vinegar vintage violin virtue
voyage voyager waffle wagon walker walrus warrior wasp watch water waterfall watermelon weasel weaver wheat wheel
whisper whistle white willow window wine wing wizard wombat wood woodpecker wool world wren yacht yoga zeppelin
`
