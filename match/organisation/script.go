package organisation

import (
	"strings"
	"unicode"
)

// alike maps letters of other scripts to the Latin letters that they look like, by case: a name
// is written as it is meant to be seen. (Unicode TR39 has more; these are what registers and
// keyboards give.)
const alike = "АAВBСCЕEНHІIЈJКKМMОOРPЅSТTХXУYҮYԐEԌGԚQԜWаaсcԁdеeһhіiјjкkӏlоoрpԛqѕsтtуyүyԝwхxвbнhмmгrѵvиuпnьb" +
	"ΑAΒBΕEΖZΗHΙIΚKΜMΝNΟOΡPΤTΥYΧXαaβbγyεeηnιiκkνvοoρpτtυuχxωwσoϲcϳj" +
	"ՕOՍUՏSԼLհhոnսuօoցgզqյj" + "ᎪAᏴBᏟCᎠDᎬEᎻHᎫJᏦKᏞLᎷMᏢPᏒRᏚSᎢTᏙVᎳWᏃZ" +
	"ɑaɡgıiɩiʟlɴnʀrʏyᴀaᴄcᴅdᴇeᴊjᴋkᴍmᴏoᴘpᴛtᴜuᴠvᴡwᴢz"

// lookAlikes is alike by letter.
func lookAlikes() map[rune]rune {
	m := map[rune]rune{}
	letters := []rune(alike)
	for i := 0; i+1 < len(letters); i += 2 {
		m[letters[i]] = letters[i+1]
	}
	return m
}

// seen is a name as a reader of Latin script sees it: in each word the letters of other scripts
// that look Latin are Latin, if then the whole word is. A word of another script stays.
func seen(name string) string {
	if ascii(name) {
		return name
	}
	table := builtIn().letters
	var b strings.Builder
	for _, word := range strings.SplitAfter(name, " ") {
		b.WriteString(seenWord(word, table))
	}
	return b.String()
}

// seenWord does that for a word.
func seenWord(word string, table map[rune]rune) string {
	foreign := false
	latin := strings.Map(func(r rune) rune {
		if l, ok := table[r]; ok {
			foreign = true
			return l
		}
		return r
	}, word)
	for _, r := range latin {
		if unicode.IsLetter(r) && !unicode.Is(unicode.Latin, r) {
			return word
		}
	}
	if !foreign {
		return word
	}
	return latin
}

// skeleton is a Latin word as it is seen at a glance: "rn" is m, "vv" is w, and digits are the
// letters they look like.
func skeleton(word string) string {
	if !strings.ContainsAny(word, "01rv") || digits(word) {
		return word
	}
	return glance.Replace(word)
}

// glance replaces what skeleton does.
var glance = strings.NewReplacer("rn", "m", "vv", "w", "0", "o", "1", "l")

// romanised gives the spellings of a name in Latin letters that are in use, if it is in Cyrillic
// or Greek letters: of passports and maps, of scholars, and of plain keyboards. And that of a name
// with umlauts, where they are spelt out.
func romanised(name string) []string {
	if ascii(name) {
		return nil
	}
	if !strings.ContainsFunc(name, func(r rune) bool { return unicode.In(r, unicode.Cyrillic, unicode.Greek) }) {
		if spelt := umlauts.Replace(name); spelt != name {
			return []string{spelt}
		}
		return nil
	}
	var out []string
	for _, table := range []*strings.Replacer{mapsLatin, scholarsLatin, plainLatin} {
		out = append(out, table.Replace(strings.ToLower(name)))
	}
	return out
}

// umlauts spells out letters that are written so where a keyboard lacks them.
var umlauts = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "å", "aa", "ø", "oe", "Ä", "Ae", "Ö", "Oe", "Ü", "Ue", "Å", "Aa", "Ø", "Oe")

// The three ways to write Cyrillic and Greek in Latin letters: BGN/PCGN and ELOT 743, ISO 9 and
// scientific transliteration without diacritics, and that of passports (ICAO Doc 9303).
var (
	mapsLatin     = romaniser("х=kh ц=ts щ=shch ю=yu я=ya й=y ж=zh ё=yo є=ye ї=yi г=g и=i і=i ґ=g ў=u ћ=c ђ=dj љ=lj њ=nj џ=dz ј=j φ=f χ=ch η=i υ=y ου=ou ξ=x β=v γ=g")
	scholarsLatin = romaniser("х=h ц=c щ=sc ю=ju я=ja й=j ж=z ё=e є=je ї=ji г=g и=i і=i ґ=g ў=u ћ=c ђ=d љ=lj њ=nj џ=dz ј=j ч=c ш=s φ=ph χ=ch η=e υ=y ου=ou ξ=x β=b γ=g")
	plainLatin    = romaniser("х=kh ц=ts щ=shch ю=iu я=ia й=i ж=zh ё=e є=ie ї=i г=h и=y і=i ґ=g ў=u ћ=c ђ=dj љ=lj њ=nj џ=dz ј=j φ=f χ=h η=i υ=i ου=u ξ=ks β=v γ=y")
)

// romaniser makes a replacer of a list, with the letters that all ways write alike after it.
func romaniser(list string) *strings.Replacer {
	const common = " а=a б=b в=v д=d е=e з=z к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u ф=f ч=ch ш=sh ъ= ы=y ь= э=e" +
		" α=a δ=d ε=e ζ=z θ=th ι=i κ=k λ=l μ=m ν=n ο=o π=p ρ=r σ=s ς=s τ=t ψ=ps ω=o" +
		" ά=a έ=e ή=i ί=i ό=o ύ=y ώ=o ϊ=i ϋ=y ΐ=i ΰ=y"
	var pairs []string
	given := map[string]bool{}
	for _, f := range strings.Fields(list + common) {
		from, to, _ := strings.Cut(f, "=")
		if !given[from] {
			given[from] = true
			pairs = append(pairs, from, to)
		}
	}
	return strings.NewReplacer(pairs...)
}

// ascii tells whether s has ASCII characters only.
func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
