-- Text search: parser, template, dictionaries, configurations.

CREATE TEXT SEARCH PARSER own_parser (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, HEADLINE = prsd_headline, LEXTYPES = prsd_lextype);
CREATE TEXT SEARCH TEMPLATE own_template (INIT = dsimple_init, LEXIZE = dsimple_lexize);
CREATE TEXT SEARCH DICTIONARY own_words (TEMPLATE = own_template, STOPWORDS = english, ACCEPT = false);
CREATE TEXT SEARCH DICTIONARY stems (TEMPLATE = snowball, LANGUAGE = german, STOPWORDS = german);
CREATE TEXT SEARCH DICTIONARY synonyms (TEMPLATE = synonym, SYNONYMS = synonym_sample, CASESENSITIVE = 'true');
CREATE TEXT SEARCH DICTIONARY "dict; it's" (TEMPLATE = ext.intdict_template, MAXLEN = 4, REJECTLONG = true);
CREATE TEXT SEARCH CONFIGURATION own_config (PARSER = own_parser);
ALTER TEXT SEARCH CONFIGURATION own_config ADD MAPPING FOR asciiword, word WITH synonyms, stems;
ALTER TEXT SEARCH CONFIGURATION own_config ADD MAPPING FOR int, uint WITH "dict; it's";
CREATE TEXT SEARCH CONFIGURATION copied_config (COPY = pg_catalog.english);
ALTER TEXT SEARCH CONFIGURATION copied_config ALTER MAPPING REPLACE english_stem WITH stems;
