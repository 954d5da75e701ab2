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
		if form := trailing(strings.Join(words[len(words)-n:], " ")); form != "" {
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

// trailing gives the canonical spelling of a legal form that stands after names, and "" for what
// is none.
func trailing(words string) string {
	if form := lookup(trailingForms, words); form != "" {
		return form
	}
	return lookup(writtenForms, words)
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
// Slavic, Hungarian, Romanian, Greek, Turkish, Arab and Asian law. Those that are written out are
// in writtenForms.
const trailingForms = `
a b=ab
a d=ad
a m b a=amba
a s=as
ab=ab
ab oy=oy
ab publ=ab publ
ad=ad
ae=ae
ag=ag
ag and co kg=ag and co kg
ag and co kgaa=ag and co kgaa
ag und co kg=ag and co kg
amba=amba
ans=ans
aps=aps
as=as
asa=asa
asbl=asbl
b v=bv
bhd=bhd
bt=bt
bv=bv
bv srl=bv
bvba=bv
c v=cv
ccc=plc
cia ltda=ltda
cic=cic
cio=cio
cjsc=jsc
clg=clg
co=co
co inc=inc
co ltd=co ltd
corp=corp
corp ltd=co ltd
cpt=plc
cv=cv
cvba=cvba
cyf=ltd
d d=dd
d o o=doo
dac=dac
dd=dd
dmcc=dmcc
doo=doo
e g=eg
e k=ek
e kfm=ek
e v=ev
ead=ead
eg=eg
ehf=ehf
eireli=eireli
eirl=eirl
ek=ek
ek for=ekonomisk forening
ekonomisk forening=ekonomisk forening
eood=eood
epe=epe
eurl=eurl
ev=ev
fmba=fmba
fsb=fsb
fz llc=fz llc
fzc=fzc
fzc llc=llc
fzco=fzco
fze=fze
g k=gk
g m b h=gmbh
gbr=gbr
ges m b h=gmbh
ges mbh=gmbh
ggmbh=ggmbh
gie=gie
gk=gk
gmbh=gmbh
gmbh and co kg=gmbh and co kg
gmbh and co kgaa=gmbh and co kgaa
gmbh and cokg=gmbh and co kg
gmbh co kg=gmbh and co kg
gmbh und co kg=gmbh and co kg
hb=hb
hf=hf
i s=i s
ike=ike
inc=inc
inc co=inc
ivs=ivs
j d o o=jdoo
jdoo=jdoo
joint stock co=jsc
jsc=jsc
k k=kk
k s=k s
kb=kb
kft=kft
kg=kg
kgaa=kgaa
kk=kk
kkt=kkt
ky=ky
l l c=llc
l l c spc=llc
l p=lp
lc=llc
lda=lda
llc=llc
llc spc=llc
lllp=lllp
llp=llp
lp=lp
ltd=ltd
ltd sti=ltd sti
ltda=ltda
ltda epp=ltda
ltda me=ltda
ltee=ltd
mb=mb
mbh=gmbh
n v=nv
na=na
npc=npc
nuf=nuf
nv=nv
nv sa=nv
nyrt=nyrt
oao=jsc
og=og
ohf=ohf
ohg=ohg
ojsc=jsc
ood=ood
ooo=ooo
opc=opc
opc pvt ltd=pte ltd
osk=osk
ou=ou
oy=oy
oy ab=oy
oy ltd=oy
oyj=oyj
oyj abp=oyj
p l c=plc
p ltd=pte ltd
p s=p s
p s a=p s a
pao=jsc
partg=partg
partg mbb=partg mbb
pbc=pbc
pc=pc
pcl=pcl
pjsc=pjsc
plc=plc
pllc=pllc
psc=psc
pte=pte ltd
pte ltd=pte ltd
pty=pty ltd
pty ltd=pty ltd
pty ltd rf=pty ltd
pvt ltd=pte ltd
qpsc=qpsc
qsc=qsc
rt=rt
s a=sa
s a b de c v=sab de cv
s a c=sac
s a de c v=sa de cv
s a e=sae
s a i c=saic
s a p i de c v=sapi de cv
s a r l=sarl
s a s=sas
s a s bic=sas
s a u=sau
s c a r l=scarl
s coop=s coop
s de r l=s de rl de cv
s de rl=s de rl de cv
s de rl de cv=s de rl de cv
s l=sl
s l u=slu
s n c=snc
s p a=spa
s r l=srl
s r l s=srls
s r o=sro
s ro=sro
sa=sa
sa de cv=sa de cv
sa de cv sofom enr=sa de cv
sa de cv sofom er=sa de cv
sa nv=nv
saa=saa
sab=sab
sab de cv=sab de cv
sac=sac
saci=saci
sacif=sacif
sae=sae
sagl=sagl
saic=saic
saicf=sacif
san ve tic as=as
san ve tic ltd sti=ltd sti
saoc=saoc
saog=saog
sapa=sapa
sapi de cv=sapi de cv
sarl=sarl
sarl s=sarl
sas=sas
sas bic=sas
sasu=sasu
sau=sau
sca=sca
scarl=scarl
sci=sci
scop=scop
scpa=scpa
scrl=scrl
scs=scs
scsp=scsp
sdn bhd=sdn bhd
sdrl de cv=s de rl de cv
se=se
se and co kg=se and co kg
se and co kgaa=se and co kgaa
selarl=selarl
selas=selas
sgps=sgps
sgps sa=sgps
sia=sia
sjsc=sjsc
ska=ska
sl=sl
slf=slf
sll=sll
slu=slu
smba=smba
snc=snc
soc coop=soc coop
soc coop a r l=soc coop
soc ltd=pty ltd
sp j=sp j
sp k=sp k
sp p=sp p
sp z o o=sp z oo
sp z o o sp k=sp z oo sp k
sp z oo=sp z oo
sp z oo sp k=sp z oo sp k
sp zoo=sp z oo
spa=spa
spa a socio unico=spa
spc=spc
spk=spk
spol s r o=sro
spol s ro=sro
spol sro=sro
sprl=bv
spzoo=sp z oo
srl=srl
srl a socio unico=srl
srl bv=bv
srl d=srl
srl sb=srl
srls=srls
sro=sro
tbk=tbk
teo=ltd
tic as=as
tic ltd sti=ltd sti
too=too
tov=tov
u a=ua
ua=ua
uab=uab
uc=uc
ug=ug
ug and co kg=ug and co kg
ug haftungsbeschrankt and co kg=ug haftungsbeschrankt and co kg
ulc=ulc
v o f=vof
v o s=vos
vof=vof
vos=vos
vvag=vvag
vzw=vzw
w l l=wll
wll=wll
y k=yk
yk=yk
zao=jsc
zrt=zrt
α ε=α ε
αε=αε
ε ε=εε
ε π ε=επε
εε=εε
επε=επε
ι κ ε=ικε
ικε=ικε
μον ικε=ικε
ο ε=οε
οε=οε
ад=ад
ао=jsc
ат=jsc
д о о=доо
доо=доо
еад=еад
еоод=еоод
ет=ет
зао=jsc
оао=jsc
оод=оод
ооо=ooo
пао=jsc
пат=jsc
прат=jsc
тов=tov
тоо=too
בע מ=בע מ
בעמ=בע מ
`

// leadingForms are those that stand before it.
const leadingForms = `
cong ty co phan=jsc
cong ty tnhh=co ltd
joint stock company=jsc
kabushiki kaisha=kk
oao=jsc
obshchestvo s ogranichennoi otvetstvennostiu=ooo
ooo=ooo
pao=jsc
perseroan terbatas=pt
pjsc=jsc
pt=pt
public joint stock company=jsc
sia=sia
tov=tov
uab=uab
uzdaroji akcine bendrove=uab
zao=jsc
акционерное общество=jsc
ао=jsc
ат=jsc
еоод=еоод
закрытое акционерное общество=jsc
зао=jsc
ип=ип
оао=jsc
общество с ограниченнои ответственностью=ooo
ооо=ooo
открытое акционерное общество=jsc
пао=jsc
пат=jsc
прат=jsc
приватне акціонерне товариство=jsc
публичное акционерное общество=jsc
публічне акціонерне товариство=jsc
тов=tov
товариство з обмеженою відповідальністю=tov
товарищество с ограниченнои ответственностью=too
тоо=too
`
