CREATE TABLE base.countries (
    code       base.country_code PRIMARY KEY,
    name       text NOT NULL UNIQUE,
    currency   char(3) NOT NULL,
    population integer NOT NULL CHECK (population > 0)
);

COPY base.countries (code, name, currency, population) FROM stdin;
AT	Austria	EUR	9027999
BE	Belgium	EUR	11584008
CH	Switzerland	CHF	8703405
CZ	Czechia	CZK	10516707
DE	Germany	EUR	83237124
DK	Denmark	DKK	5873420
ES	Spain	EUR	47432893
FI	Finland	EUR	5548241
FR	France	EUR	67871925
IT	Italy	EUR	59030133
NL	Netherlands	EUR	17590672
NO	Norway	NOK	5425270
PL	Poland	PLN	37654247
PT	Portugal	EUR	10352042
SE	Sweden	SEK	10452326
SI	Slovenia	EUR	2107180
\.
