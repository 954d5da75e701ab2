package parse

import (
	"encoding/hex"
	"strings"
)

// hexSum writes a SHA-256 in lower hex.
func hexSum(sum [32]byte) string { return hex.EncodeToString(sum[:]) }

// splitForm splits the longest legal form off the end of a folded name, or off its start where
// that form stands there.
func splitForm(words []string) (rest []string, form string) {
	for n := min(len(words)-1, 8); n > 0; n-- {
		if form := trailingForm(strings.Join(words[len(words)-n:], " ")); form != "" {
			return trimAnd(words[:len(words)-n]), form
		}
	}
	for n := min(len(words)-1, 4); n > 0; n-- {
		if form := lookup(leadingForms, strings.Join(words[:n], " ")); form != "" {
			return words[n:], form
		}
	}
	return words, ""
}

// trimAnd drops an "and" that joined the name to its form: "Bro & Co".
func trimAnd(words []string) []string {
	if n := len(words); n > 1 && words[n-1] == "and" {
		return words[:n-1]
	}
	return words
}

// trailingForm is the canonical legal form that folded words at the end of a name are.
func trailingForm(words string) string {
	for _, table := range []string{englishForms, germanicForms, romanceForms, nordicForms, easternForms, asianForms} {
		if form := lookup(table, words); form != "" {
			return form
		}
	}
	return ""
}

// englishForms are the legal forms of English law, as many countries have it.
const englishForms = `
inc=inc
incorporated=inc
corp=corp
corporation=corp
co=co
company=co
ltd=ltd
limited=ltd
co ltd=co ltd
co limited=co ltd
company ltd=co ltd
company limited=co ltd
co inc=inc
company inc=inc
llc=llc
l l c=llc
limited liability company=llc
limited liability co=llc
ltd liability co=llc
limited company=llc
lc=llc
pllc=pllc
professional limited liability company=pllc
llp=llp
limited liability partnership=llp
lllp=lllp
lp=lp
limited partnership=lp
l p=lp
plc=plc
public limited company=plc
p l c=plc
pc=pc
professional corporation=pc
na=na
national association=na
cic=cic
community interest company=cic
dac=dac
designated activity company=dac
clg=clg
company limited by guarantee=clg
ulc=ulc
unlimited liability company=ulc
pty ltd=pty ltd
pty limited=pty ltd
proprietary limited=pty ltd
proprietary ltd=pty ltd
pty=pty ltd
pte ltd=pte ltd
pte limited=pte ltd
private limited=pte ltd
pvt ltd=pte ltd
pvt limited=pte ltd
private ltd=pte ltd
pte=pte ltd
fzc=fzc
fze=fze
fz llc=fz llc
fzco=fzco
dmcc=dmcc
wll=wll
psc=psc
pjsc=pjsc
qsc=qsc
qpsc=qpsc
saoc=saoc
saog=saog
se=se
societas europaea=se
`

// germanicForms are the legal forms of German and Dutch.
const germanicForms = `
gmbh=gmbh
mbh=gmbh
ges mbh=gmbh
gesmbh=gmbh
gesellschaft mit beschrankter haftung=gmbh
g m b h=gmbh
ggmbh=ggmbh
ag=ag
aktiengesellschaft=ag
kg=kg
kommanditgesellschaft=kg
ohg=ohg
offene handelsgesellschaft=ohg
gmbh and co kg=gmbh and co kg
gmbh co kg=gmbh and co kg
gmbh and cokg=gmbh and co kg
gmbh and compagnie kg=gmbh and co kg
ag and co kg=ag and co kg
se and co kg=se and co kg
ug haftungsbeschrankt and co kg=ug haftungsbeschrankt and co kg
kgaa=kgaa
kommanditgesellschaft auf aktien=kgaa
gmbh and co kgaa=gmbh and co kgaa
se and co kgaa=se and co kgaa
ag and co kgaa=ag and co kgaa
ug=ug
ug haftungsbeschrankt=ug
unternehmergesellschaft haftungsbeschrankt=ug
unternehmergesellschaft=ug
ev=ev
e v=ev
eingetragener verein=ev
eg=eg
egenossenschaft=eg
e k=ek
ek=ek
e kfm=ek
bv=bv
b v=bv
besloten vennootschap=bv
nv=nv
n v=nv
naamloze vennootschap=nv
nv sa=nv
sa nv=nv
bvba=bv
sprl=bv
bv srl=bv
srl bv=bv
cv=cv
vof=vof
vzw=vzw
cvba=cvba
`

// romanceForms are the legal forms of French, Italian, Portuguese and Spanish.
const romanceForms = `
sa=sa
s a=sa
societe anonyme=sa
sociedad anonima=sa
sociedade anonima=sa
sas=sas
s a s=sas
societe par actions simplifiee=sas
sasu=sasu
sarl=sarl
snc=snc
sca=sca
scs=scs
sci=sci
scop=scop
eurl=eurl
selarl=selarl
selas=selas
s a r l=sarl
societe a responsabilite limitee=sarl
spa=spa
s p a=spa
societa per azioni=spa
srl=srl
s r l=srl
societa a responsabilita limitata=srl
sociedad de responsabilidad limitada=srl
srls=srls
sapa=sapa
scrl=scrl
scarl=scarl
scpa=scpa
sl=sl
s l=sl
sociedad limitada=sl
slu=slu
sociedad limitada unipersonal=slu
sau=sau
saic=saic
sab=sab
sac=sac
saa=saa
saci=saci
eirl=eirl
eireli=eireli
sa de cv=sa de cv
sociedad anonima de capital variable=sa de cv
s a de c v=sa de cv
sab de cv=sab de cv
sapi de cv=sapi de cv
s de rl de cv=s de rl de cv
s de rl=s de rl de cv
sdrl de cv=s de rl de cv
ltda=ltda
limitada=ltda
cia ltda=ltda
compania limitada=ltda
lda=lda
sociedade unipessoal lda=lda
unipessoal lda=lda
sgps=sgps
sgps sa=sgps
`

// nordicForms are the legal forms of the Nordic and Baltic languages.
const nordicForms = `
ab=ab
aktiebolag=ab
a b=ab
ab publ=ab publ
aktiebolag publ=ab publ
a s=as
as=as
aksjeselskap=as
aktieselskab=as
asa=asa
allmennaksjeselskap=asa
aps=aps
anpartsselskab=aps
ivs=ivs
p s=p s
i s=i s
amba=amba
k s=k s
oy=oy
osakeyhtio=oy
oy ab=oy
ab oy=oy
oyj=oyj
oyj abp=oyj
julkinen osakeyhtio=oyj
ehf=ehf
hf=hf
ohf=ohf
ou=ou
osauhing=ou
sia=sia
uab=uab
mb=mb
hb=hb
handelsbolag=hb
kb=kb
kommanditbolag=kb
`

// easternForms are the legal forms of Slavic languages, Hungarian, Romanian, Greek and Turkish.
const easternForms = `
sp z oo=sp z oo
sp z o o=sp z oo
spolka z ograniczona odpowiedzialnoscia=sp z oo
spzoo=sp z oo
sp zoo=sp z oo
sp k=sp k
sp z oo sp k=sp z oo sp k
sp j=sp j
spk=spk
s a spolka akcyjna=sa
spolka akcyjna=sa
sro=sro
s r o=sro
spol s r o=sro
spol sro=sro
spolecnost s rucenim omezenym=sro
spolocnost s rucenim obmedzenym=sro
akciova spolecnost=as
akciova spolocnost=as
kft=kft
korlatolt felelossegu tarsasag=kft
zrt=zrt
nyrt=nyrt
rt=rt
bt=bt
doo=doo
d o o=doo
dd=dd
d d=dd
ad=ad
eood=eood
ood=ood
ead=ead
еоод=еоод
оод=оод
ад=ад
ooo=ooo
ооо=ooo
jsc=jsc
ojsc=jsc
cjsc=jsc
joint stock company=jsc
ао=jsc
пао=jsc
ae=ae
epe=epe
ike=ike
α ε=α ε
αε=αε
ltd sti=ltd sti
limited sirketi=ltd sti
as ticaret=as
anonim sirketi=as
`

// asianForms are the legal forms of Asia.
const asianForms = `
kk=kk
k k=kk
kabushiki kaisha=kk
kabushiki gaisha=kk
sdn bhd=sdn bhd
sendirian berhad=sdn bhd
bhd=bhd
berhad=bhd
tbk=tbk
pcl=pcl
public company limited=pcl
public co ltd=pcl
jsc vietnam=jsc
gk=gk
godo kaisha=gk
yk=yk
yugen kaisha=yk
`

// leadingForms are the legal forms that stand before a name.
const leadingForms = `
ooo=ooo
ооо=ooo
оао=jsc
зао=jsc
пао=jsc
ао=jsc
pao=jsc
oao=jsc
zao=jsc
pjsc=jsc
public joint stock company=jsc
joint stock company=jsc
pt=pt
perseroan terbatas=pt
тов=tov
uab=uab
sia=sia
kabushiki kaisha=kk
`
