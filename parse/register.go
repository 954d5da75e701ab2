package parse

import "strings"

// registerCode turns what a certificate or a person writes for a register into its WIPO ST.3
// code; "" if it is none.
func registerCode(country string) string {
	code := strings.ToUpper(strings.TrimSpace(country))
	if len(code) > 40 {
		return ""
	}
	if known := lookup(registerSpellings, code); known != "" {
		return known
	}
	if len(code) == 2 && strings.Contains(registerCodes, " "+code+" ") {
		return code
	}
	return ""
}

// registerSpellings are other spellings of registers.
const registerSpellings = `
AUSTRALIA=AU
BENELUX=BX
BOIP=BX
BRAZIL=BR
CANADA=CA
CHINA=CN
CIPO=CA
CNIPA=CN
CTM=EM
DENMARK=DK
DPMA=DE
EU=EM
EUIPO=EM
EUROPEAN UNION=EM
EUTM=EM
FRANCE=FR
GERMANY=DE
GREAT BRITAIN=GB
IB=WO
INDIA=IN
IP AUSTRALIA=AU
ITALY=IT
JAPAN=JP
JPO=JP
KIPO=KR
NEW ZEALAND=NZ
NORWAY=NO
OHIM=EM
SINGAPORE=SG
SOUTH KOREA=KR
SPAIN=ES
SWEDEN=SE
SWITZERLAND=CH
UK=GB
UKIPO=GB
UNITED KINGDOM=GB
UNITED STATES=US
UNITED STATES OF AMERICA=US
USA=US
USPTO=US
WIPO=WO
`

// registerCodes are the two-letter codes of WIPO ST.3, annex A, that a trademark register has:
// states, territories and organisations.
const registerCodes = " AD AE AF AG AI AL AM AN AO AP AR AT AU AW AZ BA BB BD BE BF BG BH BI BJ BM BN BO BQ BR BS BT BV BW BX BY BZ" +
	" CA CD CF CG CH CI CK CL CM CN CO CR CU CV CW CY CZ DE DJ DK DM DO DZ EA EC EE EG EH EM EP ER ES ET FI FJ FK FO FR" +
	" GA GB GC GD GE GG GH GI GL GM GN GQ GR GS GT GW GY HK HN HR HT HU ID IE IL IM IN IQ IR IS IT JE JM JO JP" +
	" KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MG MK ML MM MN MO MP MR MS MT MU MV MW MX MY MZ" +
	" NA NE NG NI NL NO NP NR NZ OA OM PA PE PG PH PK PL PT PW PY QA RO RS RU RW SA SB SC SD SE SG SH SI SK SL SM SN SO SR SS ST SV SX SY SZ" +
	" TC TD TG TH TJ TL TM TN TO TR TT TV TW TZ UA UG US UY UZ VA VC VE VG VN VU WO WS XK XN XV YE ZA ZM ZW "

// RegisterName names the office that keeps a register, by its ST.3 code; offices that aren't
// named here are "trademark register of" and the code. It is "" for "".
func RegisterName(st3 string) string {
	if st3 == "" {
		return ""
	}
	if name := lookup(registerNames, st3); name != "" {
		return name
	}
	return "trademark register of " + st3
}

// registerNames are the offices by their ST.3 codes.
const registerNames = `
AE=Ministry of Economy, United Arab Emirates
AP=African Regional Intellectual Property Organization (ARIPO)
AR=Instituto Nacional de la Propiedad Industrial, Argentina (INPI)
AT=Austrian Patent Office
AU=IP Australia
BG=Patent Office of the Republic of Bulgaria
BR=Instituto Nacional da Propriedade Industrial, Brazil (INPI)
BX=Benelux Office for Intellectual Property (BOIP)
CA=Canadian Intellectual Property Office (CIPO)
CH=Swiss Federal Institute of Intellectual Property (IGE/IPI)
CL=Instituto Nacional de Propiedad Industrial, Chile (INAPI)
CN=China National Intellectual Property Administration (CNIPA)
CO=Superintendencia de Industria y Comercio, Colombia (SIC)
CZ=Industrial Property Office of the Czech Republic
DE=German Patent and Trade Mark Office (DPMA)
DK=Danish Patent and Trademark Office
EE=Estonian Patent Office
EM=European Union Intellectual Property Office (EUIPO)
ES=Spanish Patent and Trademark Office (OEPM)
FI=Finnish Patent and Registration Office (PRH)
FR=Institut National de la Propriété Industrielle, France (INPI)
GB=UK Intellectual Property Office (UKIPO)
GC=Gulf Cooperation Council Patent Office
GR=Hellenic Industrial Property Organisation (OBI)
HK=Intellectual Property Department, Hong Kong
HR=State Intellectual Property Office of Croatia
HU=Hungarian Intellectual Property Office
ID=Directorate General of Intellectual Property, Indonesia
IE=Intellectual Property Office of Ireland
IL=Israel Patent Office
IN=Controller General of Patents, Designs and Trade Marks, India
IS=Icelandic Intellectual Property Office
IT=Italian Patent and Trademark Office (UIBM)
JP=Japan Patent Office (JPO)
KR=Korean Intellectual Property Office (KIPO)
LT=State Patent Bureau of Lithuania
LV=Patent Office of Latvia
MX=Instituto Mexicano de la Propiedad Industrial (IMPI)
MY=Intellectual Property Corporation of Malaysia (MyIPO)
NO=Norwegian Industrial Property Office
NZ=Intellectual Property Office of New Zealand (IPONZ)
OA=African Intellectual Property Organization (OAPI)
PE=Indecopi, Peru
PH=Intellectual Property Office of the Philippines
PL=Patent Office of the Republic of Poland
PT=Instituto Nacional da Propriedade Industrial, Portugal (INPI)
RO=State Office for Inventions and Trademarks, Romania (OSIM)
RU=Federal Service for Intellectual Property, Russia (Rospatent)
SA=Saudi Authority for Intellectual Property
SE=Swedish Intellectual Property Office (PRV)
SG=Intellectual Property Office of Singapore (IPOS)
SI=Slovenian Intellectual Property Office
SK=Industrial Property Office of the Slovak Republic
TH=Department of Intellectual Property, Thailand
TR=Turkish Patent and Trademark Office
TW=Taiwan Intellectual Property Office
UA=Ukrainian National Office for Intellectual Property
US=United States Patent and Trademark Office (USPTO)
VN=Intellectual Property Office of Viet Nam
WO=World Intellectual Property Organization (WIPO)
ZA=Companies and Intellectual Property Commission, South Africa (CIPC)
`

// recordURL is the page of a record that fits its register; "" for registers whose pages
// aren't known to have a form that the number alone gives.
func recordURL(register, number string) string {
	switch register {
	case "US":
		kind := "US_REGISTRATION_NO"
		if len(number) == 8 {
			kind = "SERIAL_NO"
		}
		return "https://tsdr.uspto.gov/#caseNumber=" + number + "&caseType=" + kind + "&searchType=statusSearch"
	case "EM":
		if digits(number) {
			return "https://euipo.europa.eu/eSearch/#details/trademarks/" + number
		}
	case "GB":
		if strings.HasPrefix(number, "UK") {
			return "https://trademarks.ipo.gov.uk/ipo-tmcase/page/Results/1/" + number
		}
	case "DE":
		if check := checkDigit(number); check < 10 {
			return "https://register.dpma.de/DPMAregister/marke/register/" + number + string(rune('0'+check)) + "/DE"
		}
	case "CA":
		if digits(number) {
			return "https://ised-isde.canada.ca/cipo/trademark-search/" + number + "-00?lang=eng"
		}
	case "AU":
		return "https://search.ipaustralia.gov.au/trademarks/search/view/" + number
	case "FR":
		return "https://data.inpi.fr/marques/FR" + number
	case "WO":
		return "https://www3.wipo.int/madrid/monitor/en/showData.jsp?ID=ROM." + number
	}
	return ""
}
