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
		if form := lookup(trailingForms, strings.Join(words[len(words)-n:], " ")); form != "" {
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

// trailingForms are the legal forms that stand after a name, folded, each with its canonical
// spelling: of English, German, French, Spanish, Portuguese, Italian, Dutch, Nordic, Baltic,
// Slavic, Hungarian, Romanian, Greek, Turkish and Asian law.
const trailingForms = `
a b=ab
a s=as
ab=ab
ab oy=oy
ab publ=ab publ
ad=ad
ae=ae
ag=ag
ag and co kg=ag and co kg
ag and co kgaa=ag and co kgaa
akciova spolecnost=as
akciova spolocnost=as
aksjeselskap=as
aktiebolag=ab
aktiebolag publ=ab publ
aktiengesellschaft=ag
aktieselskab=as
allmennaksjeselskap=asa
amba=amba
anonim sirketi=as
anpartsselskab=aps
aps=aps
as=as
as ticaret=as
asa=asa
b v=bv
berhad=bhd
besloten vennootschap=bv
bhd=bhd
bt=bt
bv=bv
bv srl=bv
bvba=bv
cia ltda=ltda
cic=cic
cjsc=jsc
clg=clg
co=co
co inc=inc
co limited=co ltd
co ltd=co ltd
community interest company=cic
compania limitada=ltda
company=co
company inc=inc
company limited=co ltd
company limited by guarantee=clg
company ltd=co ltd
corp=corp
corporation=corp
cv=cv
cvba=cvba
d d=dd
d o o=doo
dac=dac
dd=dd
designated activity company=dac
dmcc=dmcc
doo=doo
e k=ek
e kfm=ek
e v=ev
ead=ead
eg=eg
egenossenschaft=eg
ehf=ehf
eingetragener verein=ev
eireli=eireli
eirl=eirl
ek=ek
eood=eood
epe=epe
eurl=eurl
ev=ev
fz llc=fz llc
fzc=fzc
fzco=fzco
fze=fze
g m b h=gmbh
ges mbh=gmbh
gesellschaft mit beschrankter haftung=gmbh
gesmbh=gmbh
ggmbh=ggmbh
gk=gk
gmbh=gmbh
gmbh and co kg=gmbh and co kg
gmbh and co kgaa=gmbh and co kgaa
gmbh and cokg=gmbh and co kg
gmbh and compagnie kg=gmbh and co kg
gmbh co kg=gmbh and co kg
godo kaisha=gk
handelsbolag=hb
hb=hb
hf=hf
i s=i s
ike=ike
inc=inc
incorporated=inc
ivs=ivs
joint stock company=jsc
jsc=jsc
jsc vietnam=jsc
julkinen osakeyhtio=oyj
k k=kk
k s=k s
kabushiki gaisha=kk
kabushiki kaisha=kk
kb=kb
kft=kft
kg=kg
kgaa=kgaa
kk=kk
kommanditbolag=kb
kommanditgesellschaft=kg
kommanditgesellschaft auf aktien=kgaa
korlatolt felelossegu tarsasag=kft
l l c=llc
l p=lp
lc=llc
lda=lda
limitada=ltda
limited=ltd
limited company=llc
limited liability co=llc
limited liability company=llc
limited liability partnership=llp
limited partnership=lp
limited sirketi=ltd sti
llc=llc
lllp=lllp
llp=llp
lp=lp
ltd=ltd
ltd liability co=llc
ltd sti=ltd sti
ltda=ltda
mb=mb
mbh=gmbh
n v=nv
na=na
naamloze vennootschap=nv
national association=na
nv=nv
nv sa=nv
nyrt=nyrt
offene handelsgesellschaft=ohg
ohf=ohf
ohg=ohg
ojsc=jsc
ood=ood
ooo=ooo
osakeyhtio=oy
osauhing=ou
ou=ou
oy=oy
oy ab=oy
oyj=oyj
oyj abp=oyj
p l c=plc
p s=p s
pc=pc
pcl=pcl
pjsc=pjsc
plc=plc
pllc=pllc
private limited=pte ltd
private ltd=pte ltd
professional corporation=pc
professional limited liability company=pllc
proprietary limited=pty ltd
proprietary ltd=pty ltd
psc=psc
pte=pte ltd
pte limited=pte ltd
pte ltd=pte ltd
pty=pty ltd
pty limited=pty ltd
pty ltd=pty ltd
public co ltd=pcl
public company limited=pcl
public limited company=plc
pvt limited=pte ltd
pvt ltd=pte ltd
qpsc=qpsc
qsc=qsc
rt=rt
s a=sa
s a de c v=sa de cv
s a r l=sarl
s a s=sas
s a spolka akcyjna=sa
s de rl=s de rl de cv
s de rl de cv=s de rl de cv
s l=sl
s p a=spa
s r l=srl
s r o=sro
s ro=sro
sa=sa
sa de cv=sa de cv
sa nv=nv
saa=saa
sab=sab
sab de cv=sab de cv
sac=sac
saci=saci
saic=saic
saoc=saoc
saog=saog
sapa=sapa
sapi de cv=sapi de cv
sarl=sarl
sas=sas
sasu=sasu
sau=sau
sca=sca
scarl=scarl
sci=sci
scop=scop
scpa=scpa
scrl=scrl
scs=scs
sdn bhd=sdn bhd
sdrl de cv=s de rl de cv
se=se
se and co kg=se and co kg
se and co kgaa=se and co kgaa
selarl=selarl
selas=selas
sendirian berhad=sdn bhd
sgps=sgps
sgps sa=sgps
sia=sia
sl=sl
slu=slu
snc=snc
sociedad anonima=sa
sociedad anonima de capital variable=sa de cv
sociedad de responsabilidad limitada=srl
sociedad limitada=sl
sociedad limitada unipersonal=slu
sociedade anonima=sa
sociedade unipessoal lda=lda
societa a responsabilita limitata=srl
societa per azioni=spa
societas europaea=se
societe a responsabilite limitee=sarl
societe anonyme=sa
societe par actions simplifiee=sas
sp j=sp j
sp k=sp k
sp z o o=sp z oo
sp z oo=sp z oo
sp z oo sp k=sp z oo sp k
sp zoo=sp z oo
spa=spa
spk=spk
spol s r o=sro
spol s ro=sro
spol sro=sro
spolecnost s rucenim omezenym=sro
spolka akcyjna=sa
spolka z ograniczona odpowiedzialnoscia=sp z oo
spolocnost s rucenim obmedzenym=sro
sprl=bv
spzoo=sp z oo
srl=srl
srl bv=bv
srls=srls
sro=sro
tbk=tbk
uab=uab
ug=ug
ug haftungsbeschrankt=ug
ug haftungsbeschrankt and co kg=ug haftungsbeschrankt and co kg
ulc=ulc
unipessoal lda=lda
unlimited liability company=ulc
unternehmergesellschaft=ug
unternehmergesellschaft haftungsbeschrankt=ug
vof=vof
vzw=vzw
wll=wll
yk=yk
yugen kaisha=yk
zrt=zrt
α ε=α ε
αε=αε
ад=ад
ао=jsc
еоод=еоод
оод=оод
ооо=ooo
пао=jsc
`

// leadingForms are those that stand before it.
const leadingForms = `
joint stock company=jsc
kabushiki kaisha=kk
oao=jsc
ooo=ooo
pao=jsc
perseroan terbatas=pt
pjsc=jsc
pt=pt
public joint stock company=jsc
sia=sia
uab=uab
zao=jsc
ао=jsc
зао=jsc
оао=jsc
ооо=ooo
пао=jsc
тов=tov
`
