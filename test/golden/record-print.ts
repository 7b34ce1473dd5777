import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { findPsql } from '../bench/measure.js';
import type { ResultSet } from '../../src/db/result-taker.js';
import { StatementQuery } from '../../src/db/statement-query.js';

/**
 * Records how psql prints results: npx tsx test/golden/record-print.ts
 *
 * Uses the server that PGHOST, PGPORT, PGUSER, … name, and leaves nothing there. Writes print.json: the results as the
 * server sends them, the settings as `\pset` takes them, and what psql prints of each result with each settings. Every
 * result meets every settings, so what matters is that each awkward value and each rule of a format is in one of them.
 */
const RESULTS: Readonly<Record<string, string>> = {
  plain: `SELECT * FROM (VALUES (1, 'one'), (22, 'two'), (-333, 'three')) AS v (n, word)`,
  nulls: `SELECT NULL::int AS n, NULL AS t UNION ALL SELECT 5, '' UNION ALL SELECT NULL, ' '`,
  numbers: `SELECT 1::int2 AS a, -2::int4 AS "int four", 3::int8 AS c, 1.50::numeric AS d, 'NaN'::float4 AS e, -1e300::float8 AS f,
      7::oid AS g, '8'::xid AS h, '9'::xid8 AS i, '10'::cid AS j, '-11.5'::money AS k, true AS l, '2020-01-02'::date AS m`,
  'no rows': `SELECT 1 AS first, 'x' AS second WHERE false`,
  'no columns': `SELECT`,
  'no columns, three rows': `SELECT FROM generate_series(1, 3)`,
  'no columns, no rows': `SELECT WHERE false`,
  'one column': `SELECT 'value' AS name`,
  'one number': `SELECT 12345 AS n`,
  'long name': `SELECT 1 AS a_name_longer_than_any_value_and_than_the_header_of_a_record`,
  'long value': `SELECT 'short' AS a, repeat('0123456789', 12) AS b, 7 AS c`,
  'twelve rows': `SELECT i AS "#", i * i AS x FROM generate_series(1, 12) AS i`,
  newlines: `SELECT * FROM (VALUES (E'a\\nbb\\n\\nccc', 1, E'x\\n'), (E'\\n', 2, ''), ('z', 3, E'y\\nyy')) AS v (l, n, r)`,
  'newlines in names': `SELECT 1 AS "two\nlines", 'x' AS "three\n\nlong lines", 'y' AS last`,
  'newlines in names and values': `SELECT E'p\\nq\\nr' AS "t\nt", 1 AS n, E'u\\nv' AS w UNION ALL SELECT '', NULL, 'last'`,
  'number last': `SELECT E'three\\nlines\\nhere' AS t, 42 AS n`,
  tabs: `SELECT E'\\t' AS t, E'a\\tb' AS u, E'12345678\\tc' AS v, E'表\\té\\tz' AS w`,
  'carriage returns': `SELECT E'a\\r\\nb' AS dos, E'x\\ry' AS old`,
  controls: `SELECT E'\\x01\\x07\\x1b[31mred\\x7f' AS c0, U&'\\0085\\009F' AS c1, U&'\\00AD\\200B\\200D\\FEFF' AS invisible`,
  wide: `SELECT '表名' AS "列", '한글' AS ko, 'ｆｕｌｌ' AS "full", 3 AS "数" UNION ALL SELECT 'a', 'b', 'c', 44`,
  emoji: `SELECT '😀' AS face, '👩‍💻' AS joined, '🇫🇷' AS flag, '☂️✈️⌚' AS selected, '🛠' AS narrow, 'x' AS x`,
  combining: `SELECT U&'nai\\0308ve' AS ascii, U&'e\\0301e\\0301' AS accents, 'हिन्दी' AS hindi, 'שָׁלוֹם' AS hebrew, 'é' AS one`,
  noncharacters: `SELECT U&'a\\+01FFFEb' AS t, U&'\\FFFFc' AS u, U&'d\\+10FFFF' AS v`,
  separators: `SELECT 'a|b' AS "x|y", 'c,d' AS "e,f", E'g\\th' AS tab, 'i;j' AS "k;l", '.' AS dot, E'\\\\.' AS ends, E'\\\\' AS back`,
  quotes: `SELECT 'say "hi"' AS "a ""name""", 'it''s' AS q, '"' AS one, '' AS empty`,
  markup: `SELECT '<b>bold</b> & "more"' AS "<th>", '  leading' AS lead, E' \\n  x' AS blank, E'\\t ' AS tab, 'a  b ' AS inner`,
  'same names': `SELECT 1 AS a, 2 AS a, 'three' AS a`,
  'empty values': `SELECT '' AS " ", '' AS b UNION ALL SELECT '', ''`,
  structured: `SELECT ARRAY[1, 2, NULL] AS ints, ARRAY['a b', 'c,"d"', NULL] AS texts, '{"a": [1, "x"]}'::json AS json,
      '\\x00ff10'::bytea AS bytes, ROW(1, 'x y', NULL) AS record, interval '1 day 02:03' AS i, int4range(1, 5) AS r`,
  plan: `EXPLAIN (COSTS off) SELECT count(*) FROM (VALUES (1), (2)) AS v (n) WHERE n > 1`,
  shown: `SHOW server_encoding`,
};

/** `\pset` option → value; null is no value. */
type Settings = Readonly<Record<string, string | null>>;

const SETTINGS: Readonly<Record<string, Settings>> = {
  default: {},
  'border 0': { border: '0', null: '(null)' },
  'border 2': { border: '2', null: '∅' },
  'border 3, no footer': { border: '3', footer: 'off' },
  unicode: { linestyle: 'unicode', title: 'Title' },
  'unicode, border 0': { linestyle: 'unicode', border: '0', title: 'A title' },
  'unicode, border 2': { linestyle: 'unicode', border: '2', title: 'Título 表' },
  'tuples only': { tuples_only: null, title: 'not shown' },
  'tuples only, border 2': { t: 'on', border: '2' },
  'tuples only, border 0': { t: 'on', border: '0', footer: 'on' },
  'no footer': { footer: null, title: 'A title that is wider than most tables are, so that it begins at the left' },
  'awkward title': { title: 'a\tb\n<second> "line"', border: '2' },
  'expanded automatically': { expanded: 'auto', columns: '30' },
  expanded: { expanded: null },
  'expanded, border 0': { x: 'on', border: '0', null: '(null)' },
  'expanded, border 2': { vertical: 'on', border: '2', null: '∅', title: 'Title' },
  'expanded, unicode': { expanded: 'on', linestyle: 'uni', title: '' },
  'expanded, unicode, border 2': { expanded: 'on', linestyle: 'unicode', border: '2' },
  'expanded, tuples only': { expanded: 'on', tuples_only: 'on' },
  'expanded, tuples only, border 0': { expanded: 'on', tuples_only: 'on', border: '0' },
  'expanded, tuples only, border 2': { expanded: 'on', tuples_only: 'on', border: '2' },
  'expanded, no footer': { expanded: 'on', footer: 'off' },
  unaligned: { format: 'unaligned' },
  'unaligned, separators': { format: 'un', fieldsep: ', ', recordsep: ';\n', title: 'Title', null: 'NULL' },
  'unaligned, zero bytes': { format: 'unaligned', fieldsep_zero: null, recordsep_zero: null, footer: 'off' },
  'unaligned, tuples only': { format: 'unaligned', t: null, title: 'Title' },
  'unaligned, tuples only, zero bytes': { format: 'unaligned', t: null, recordsep_zero: null },
  'unaligned, expanded': { format: 'unaligned', expanded: 'on', title: 'Title' },
  'unaligned, expanded, tuples only': { format: 'unaligned', expanded: 'on', t: null, fieldsep: '=', recordsep: '#' },
  'unaligned, expanded, zero bytes': { format: 'unaligned', expanded: 'on', recordsep_zero: null, fieldsep: '' },
  csv: { format: 'csv', title: 'Title' },
  'csv, tuples only': { format: 'c', tuples_only: null, csv_fieldsep: ';', null: 'NULL' },
  'csv, tab': { format: 'csv', csv_fieldsep: '\t', null: 'a\tb' },
  'csv, dot': { format: 'csv', csv_fieldsep: '.' },
  'csv, expanded': { format: 'csv', expanded: 'on' },
  html: { format: 'html' },
  'html, title': { format: 'html', title: 'T & <U>', tableattr: 'class="x"', border: '0', null: '<null>' },
  'html, tuples only': { format: 'html', tuples_only: null, border: '-3', T: '' },
  'html, expanded': { format: 'html', expanded: 'on', C: ' Title', footer: 'off' },
  'html, expanded, tuples only': { format: 'h', expanded: 'on', tuples_only: 'on' },
};

const directory = mkdtempSync(join(tmpdir(), 'pqrun-print-'));
try {
  const golden = {
    recordedWith: execFileSync(findPsql(), ['--version']).toString().trim(),
    results: await readResults(),
    settings: SETTINGS,
    printed: Object.fromEntries(Object.entries(SETTINGS).map(([name, settings]) => [name, printAll(settings)])),
    widths: measureWidths(),
  };
  writeFileSync(join(import.meta.dirname, 'print.json'), `${JSON.stringify(golden, undefined, 1)}\n`);
  console.log(`${Object.keys(RESULTS).length} results, ${Object.keys(SETTINGS).length} settings, ${golden.recordedWith}`);
} finally {
  rmSync(directory, { recursive: true });
}

/** The results by the way pqrun reads them, with what printing needs of their fields. */
async function readResults(): Promise<Record<string, ResultSet>> {
  const client = new pg.Client();
  await client.connect();
  const results: Record<string, ResultSet> = {};
  for (const [name, sql] of Object.entries(RESULTS)) {
    const { results: [result], failure } = await client.query(new StatementQuery(sql)).done;
    if (result?.kind !== 'rows') throw new Error(`${name}: ${failure?.message ?? 'no rows'}`);
    const fields = result.fields.map(({ name, dataTypeID }) => ({ name, dataTypeID }));
    results[name] = { kind: 'rows', fields, rows: result.rows };
  }
  await client.end();
  return results;
}

/** What psql prints of each result, each into a file of its own. */
function printAll(settings: Settings): Record<string, string> {
  const commands = Object.entries(settings).map(([option, value]) => `\\pset ${option} ${quoted(value)}`);
  const path = (index: number): string => join(directory, String(index));
  const statements = Object.values(RESULTS).flatMap((sql, index) => [`\\o ${path(index)}`, `${sql};`]);
  runPsql([...commands, ...statements]);
  return Object.fromEntries(Object.keys(RESULTS).map((name, index) => [name, readFileSync(path(index), 'utf8')]));
}

function quoted(value: string | null): string {
  if (value === null) return '';
  return `'${value.replace(/\\/g, '\\\\').replace(/'/g, "''").replace(/\n/g, '\\n').replace(/\t/g, '\\t')}'`;
}

/** The characters that psql does not take for one column wide, as ranges of hexadecimal codes. */
function measureWidths(): { readonly zero: string; readonly wide: string } {
  const path = join(directory, 'widths');
  // Beside the characters up to the first combining mark all are of one column or controls, which are shown as text.
  const characters = `SELECT chr(i) AS "12345", i FROM generate_series(768, 1114109) AS i
      WHERE i NOT BETWEEN 55296 AND 57343 AND i % 65536 < 65534 OR i IN (65534, 65535)`;
  runPsql(['\\pset border 2', '\\t', `\\o ${path}`, `${characters};`]);
  const ranges = { 0: [] as [number, number][], 2: [] as [number, number][] };
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    const [, cell = '', digits] = /^\| (.*) \| +(\d+) \|$/su.exec(line) ?? [];
    const code = Number(digits);
    const width = 5 - cell.replace(/^./su, '').length;
    if (width !== 0 && width !== 2) continue;
    const last = ranges[width].at(-1);
    if (last?.[1] === code - 1) last[1] = code;
    else ranges[width].push([code, code]);
  }
  const text = (list: readonly [number, number][]): string =>
    list.map(([first, last]) => (first === last ? hex(first) : `${hex(first)}-${hex(last)}`)).join(' ');
  return { zero: text(ranges[0]), wide: text(ranges[2]) };
}

function hex(code: number): string {
  return code.toString(16);
}

function runPsql(lines: readonly string[]): void {
  const env = { ...process.env, PGCLIENTENCODING: 'UTF8' };
  const input = `${lines.join('\n')}\n`;
  execFileSync(findPsql(), ['-X', '-q', '-v', 'ON_ERROR_STOP=1'], { env, input, stdio: ['pipe', 'inherit', 'inherit'] });
}
