import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { parseMergeOrder, UnreadableValue } from '../../src/model/merge-order.js';

/** Values are ordered here as PostgreSQL's own ORDER BY orders them: before, behind and equal. */

let client: pg.Client;

beforeAll(async () => {
  client = new pg.Client({ ...inject('server'), ssl: false });
  await client.connect();
});

afterAll(() => client.end());

const number = (min: number, max: number): fc.Arbitrary<string> =>
  fc
    .oneof(fc.integer({ min, max }), fc.constantFrom(min, max, 0), fc.integer({ min: -3, max: 3 }))
    .map(String);
const digits = (maxLength: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...Array.from('0001234569')), minLength: 1, maxLength });
const numeric = fc.oneof(
  fc.tuple(fc.constantFrom('', '-'), digits(30), digits(30)).map(([sign, a, b]) => `${sign}${a}.${b}`),
  fc.tuple(fc.constantFrom('', '-'), digits(3)).map((parts) => parts.join('')),
  fc.constantFrom(
    'NaN',
    'Infinity',
    '-Infinity',
    '0.000',
    '-0',
    '1e-300',
    '1e300',
    '-1e300',
    '10',
    '9',
    '1.10',
    '1.1',
  ),
);
const float = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.constantFrom(
    'NaN',
    'Infinity',
    '-Infinity',
    '0',
    '-0',
    '1e-320',
    '1.7976931348623157e308',
    '0.1',
    '0.30000000000000004',
  ),
);
const float4 = fc.float({ noNaN: true, noDefaultInfinity: true }).map(String);
const text = fc.oneof(
  fc.string({
    unit: fc.constantFrom('a', 'B', 'b', ' ', '_', 'ä', 'é', '\uffee', '😀', '𐀀', '~'),
    maxLength: 5,
  }),
  fc.string({ unit: 'binary', maxLength: 4 }).map((value) => value.replaceAll('\0', '')),
);
const two = (value: number): string => String(value).padStart(2, '0');
const date = fc.oneof(
  fc
    .tuple(
      fc.integer({ min: 1, max: 9999 }),
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 28 }),
      fc.constantFrom('', ' BC'),
    )
    .filter(([year, , , era]) => era === '' || year < 4700)
    .map(([year, month, day, era]) => `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}${era}`),
  fc.constantFrom(
    'infinity',
    '-infinity',
    '2000-02-29',
    '1900-03-01',
    '1900-02-28',
    '0001-01-01',
    '0001-12-31 BC',
    '4713-01-01 BC',
    '294276-01-01',
    '2024-02-29',
    '2024-03-01',
  ),
);
const clock = fc
  .tuple(
    fc.integer({ min: 0, max: 23 }),
    fc.integer({ min: 0, max: 59 }),
    fc.integer({ min: 0, max: 59_999_999 }),
  )
  .map(
    ([hour, minute, micros]) => `${two(hour)}:${two(minute)}:${(micros / 1e6).toFixed(6).padStart(9, '0')}`,
  );
const timestamp = fc.tuple(date, clock).map(([day, time]) => {
  if (day.endsWith('infinity')) return day;
  const [, plain = day, era = ''] = /^(.*?)( BC)?$/.exec(day) ?? [];
  return `${plain} ${time}${era}`;
});
const hex = (length: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...Array.from('019af')), minLength: length, maxLength: length });

const TYPES: readonly (readonly [type: string, values: fc.Arbitrary<string>])[] = [
  ['smallint', number(-32768, 32767)],
  ['integer', number(-2147483648, 2147483647)],
  [
    'bigint',
    fc.oneof(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String), number(-1000, 1000)),
  ],
  ['oid', number(0, 4294967295).filter((value) => !value.startsWith('-'))],
  ['numeric', numeric],
  ['double precision', float],
  ['real', float4],
  ['text', text],
  ['varchar', text],
  ['char(6)', text.filter((value) => !value.includes('\n'))],
  ['name', text],
  ['date', date],
  ['time', clock],
  ['timestamp', timestamp],
  ['timestamptz', timestamp],
  ['uuid', hex(32)],
  ['boolean', fc.constantFrom('t', 'f')],
  [
    'bytea',
    fc
      .integer({ min: 0, max: 4 })
      .chain((length) => hex(length * 2))
      .map((value) => `\\x${value}`),
  ],
];
const COLLATED = new Set(['text', 'varchar', 'char(6)']);

test.each(TYPES)('%s', { timeout: 60_000 }, async (type, values) => {
  const value = fc.option(values, { freq: 8 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(value, { minLength: 2, maxLength: 60 }),
      fc.constantFrom('', ' asc', ' desc', ' nulls first', ' desc nulls last'),
      fc.constantFrom('UTC', 'Asia/Kathmandu', 'America/New_York'),
      async (list, direction, zone) => {
        await client.query(`SET timezone = '${zone}'`);
        const collate = COLLATED.has(type) ? ' COLLATE "C"' : '';
        const { rows, fields } = await client.query<(string | null | boolean)[]>({
          text: `SELECT v, v IS NOT DISTINCT FROM lag(v) OVER w AS same
                   FROM (SELECT t::${type}${collate} AS v FROM unnest($1::text[]) AS t) AS s
                 WINDOW w AS (ORDER BY v${direction}) ORDER BY v${direction}`,
          values: [list],
          rowMode: 'array',
          types: { getTypeParser: () => (raw: string) => raw },
        } as pg.QueryArrayConfig);
        const read = parseMergeOrder(`v${direction}`);
        const bound = read.ok ? read.value.bind(fields) : read;
        if (!bound.ok) throw new Error(bound.diagnostics[0]?.message);
        const keys = rows.map(([raw]) => bound.value.keyOf([raw as string | null]));
        for (const [index, key] of keys.entries()) {
          const before = keys[index - 1];
          if (key instanceof UnreadableValue) throw new Error(key.message);
          if (before === undefined || before instanceof UnreadableValue) continue;
          const difference = bound.value.compare(before, key);
          const shown = `${String(rows[index - 1]?.[0])} and ${String(rows[index]?.[0])}`;
          expect(Math.sign(difference), shown).toBe(rows[index]?.[1] === 't' ? 0 : -1);
          expect(Math.sign(bound.value.compare(key, before))).toBe(rows[index]?.[1] === 't' ? 0 : 1);
        }
      },
    ),
    { numRuns: 150 },
  );
});
