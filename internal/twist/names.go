package twist

import (
	"bufio"
	"os"
	"strings"
)

// invented are names that belong to nobody: made of syllables, short and long, and of two
// words that nobody puts together.
const invented = `
quenvaro velmundi tarsolex brivanta zorfelia mendrake pluvoria kestrowin halvinto orbessa nuvaldor fendrilo galphora
trimbelo vostrany luxarno quillandor sorvienne drentavo malquira tesselune brontavia calvoreth dunsefar evrolande
frosvelt glenvarro hestrova ilvendro jandorel klyverna lorvantis mirozelle norbettan ostravell prinvallo quorbenta
rindelmar savontry turvallis umbravelle vandrosso wexaluna xanthorel yelvarin zephandro arquendo belvorice corvanthe
delmirado estrivane folgrandi grimvalta hurdelano inzabella jolvarest kranvello lumbrevo montrezza nelvoria oldrivane
pelgraves quintorva rosvelten silvandro torquesta ulverano vintrelle wolverand zandrique
zuvra mirvo tavix belqo norvu kelza drupvo quavi fynda orlip savvro plentu glisva trovik vendru lomexa wistra yordal
cresvo jexora
velda-torin quor-sable mundo24vek tri2ennor brasko-lint sole9vanta
brightledger harborquill oakmeadowgrain lanternfield copperbrook silverthicket northwindow bluepantry stonefeather
riverbadge maplecounter quietorchard swiftparcel goldenladder ironpetal cloudbasket paperharbor greenanvil
saltwindmill velvetbarn amberkettle foxgloveinn pinecrate suncobbler wildthimble frostmarket hazelpost
ravenmill tidewagon emberloaf cedarcandle plumlantern ottercoin swanledger thistlecart honeyforge larkspurpay
willowbarrel granitepear marblefern birchpocket cobaltgoose duskbakery echolantern finchbottle gladepepper
heronsaddle ivorytractor juniperhat kitebutter lemonanchor meadowpiano nettlebridge opalgarage pebblestove
quartzgarden rubyshovel saffronroof tulipengine umberscarf violetspoon walnutradio yarrowbell zincbalcony
`

// ordinary are words that somebody may have for a brand.
const ordinary = `
target apple orange copper anchor lantern harvest summit pioneer liberty compass horizon meadow falcon marble crystal
voyager beacon phoenix guardian lighthouse thunderbolt nightingale cornerstone watermelon grasshopper hummingbird
sandcastle dragonfly evergreen chocolate symphony butterfly cathedral carnival umbrella telescope keystone porcupine
milestone
`

// Names gives the domains that the measurement watches: names that nobody has, and words.
func Names() []string {
	suffixes := []string{"com", "de", "co.uk", "fr", "com.au", "net", "nl"}
	var names []string
	for i, label := range strings.Fields(invented + ordinary) {
		names = append(names, label+"."+suffixes[i%len(suffixes)])
	}
	return names
}

// Ordinary gives n names that resemble nothing on purpose: words of the system's dictionary,
// then pairs of them; where there is no dictionary, words made of syllables. It says which.
func Ordinary(n int) (names []string, source string) {
	words, source := dictionaryWords("/usr/share/dict/words")
	if len(words) < 1000 {
		words, source = builtWords(), "words made of syllables"
	}
	suffixes := suffixes()
	watched := map[string]bool{}
	for _, label := range strings.Fields(invented + ordinary) {
		watched[label] = true
	}
	for i := 0; len(names) < n; i++ {
		label := words[i%len(words)]
		switch round := i / len(words); {
		case round > 0 && i%2 == 0:
			label += "-" + words[(i*7919+round)%len(words)]
		case round > 0:
			label += words[(i*7919+round)%len(words)]
		}
		if !watched[label] {
			names = append(names, label+"."+suffixes[i%len(suffixes)])
		}
	}
	return names, source
}

// dictionaryWords reads the words of three letters or more, each once, in lower case.
func dictionaryWords(path string) (words []string, source string) {
	f, err := os.Open(path)
	if err != nil {
		return nil, ""
	}
	defer f.Close() //nolint:errcheck // it was only read
	seen := map[string]bool{}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		word := strings.ToLower(lines.Text())
		if len(word) >= 3 && !seen[word] && strings.Trim(word, "abcdefghijklmnopqrstuvwxyz") == "" {
			seen[word] = true
			words = append(words, word)
		}
	}
	return words, path
}

// builtWords makes 40,000 words of two or three syllables.
func builtWords() []string {
	heads := strings.Fields("b br c ch d dr f g gr h j k l m n p pl qu r s sh st t tr v w")
	tails := strings.Fields("a an ar e el en er i ic in o on or u um us")
	var words []string
	for i := 0; len(words) < 40_000; i++ {
		word, k := "", i*2654435761>>7
		for range 2 + i%2 {
			word += heads[k%len(heads)]
			k /= len(heads)
			word += tails[k%len(tails)]
			k /= len(tails)
		}
		words = append(words, word)
	}
	return words
}
