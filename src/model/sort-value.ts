import { momentOf } from './sort-time.js';

/**
 * The server's text of a value → something that JavaScript's own `<` orders as PostgreSQL's ORDER BY orders the values.
 *
 * Texts go by their bytes, as with COLLATE "C". Enums, arrays, intervals and the types of extensions are not known: what
 * orders them is in the server only.
 */
export type SortValue = number | bigint | string;

export interface SortType {
  readonly name: string;
  /** Undefined: the text is not written as this type is by default. */
  readonly read: (text: string) => SortValue | undefined;
  /** What makes the server write it so. */
  readonly setting?: string;
}

/** By the server's number of the type (pg_type.oid); undefined: values of this type cannot be compared here. */
export function sortTypeOf(dataTypeID: number): SortType | undefined {
  return TYPES.get(dataTypeID);
}

export const SORTABLE = 'integers, numeric, floats, text, date, time, timestamp, uuid, boolean and bytea';

const isoStyle = 'DateStyle to ISO';

const TYPES: ReadonlyMap<number, SortType> = new Map<number, SortType>([
  [16, { name: 'boolean', read: matching(/^[ft]$/) }],
  [17, { name: 'bytea', read: matching(/^\\x[\da-f]*$/), setting: 'bytea_output to hex' }],
  [19, { name: 'name', read: bytesOf }],
  [20, { name: 'bigint', read: wholeNumber }],
  [21, { name: 'smallint', read: wholeNumber }],
  [23, { name: 'integer', read: wholeNumber }],
  [25, { name: 'text', read: bytesOf }],
  [26, { name: 'oid', read: wholeNumber }],
  [700, { name: 'real', read: floatBits }],
  [701, { name: 'double precision', read: floatBits }],
  // Blanks at the end do not count.
  [1042, { name: 'character', read: (text) => bytesOf(text.replace(/ +$/, '')) }],
  [1043, { name: 'character varying', read: bytesOf }],
  [1082, { name: 'date', read: momentOf, setting: isoStyle }],
  [1083, { name: 'time', read: matching(/^\d\d:\d\d:\d\d(?:\.\d+)?$/) }],
  [1114, { name: 'timestamp', read: momentOf, setting: isoStyle }],
  [1184, { name: 'timestamptz', read: momentOf, setting: isoStyle }],
  [1700, { name: 'numeric', read: numericKey }],
  [2950, { name: 'uuid', read: matching(/^[\da-f-]{36}$/) }],
]);

/** Texts of one form, which order as they are. */
function matching(form: RegExp): (text: string) => string | undefined {
  return (text) => (form.test(text) ? text : undefined);
}

function wholeNumber(text: string): SortValue | undefined {
  if (!/^-?\d+$/.test(text)) return undefined;
  return text.length <= 15 ? Number(text) : BigInt(text);
}

/** JavaScript compares UTF-16, the server bytes: so a character a byte, unless all of it is ASCII anyway. */
function bytesOf(text: string): string {
  return /^[\0-\x7f]*$/.test(text) ? text : Buffer.from(text, 'utf8').toString('latin1');
}

const bits = new DataView(new ArrayBuffer(8));
const SIGN = 1n << 63n;

/** IEEE 754 made so that the bits of greater numbers are greater; NaN is the greatest, and -0 is 0. */
function floatBits(text: string): bigint | undefined {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (Number.isNaN(value) && text !== 'NaN') return undefined;
  bits.setFloat64(0, value === 0 ? 0 : value);
  const pattern = bits.getBigUint64(0);
  return (pattern & SIGN) === 0n ? pattern | SIGN : ~pattern & (SIGN - 1n);
}

const SPECIAL: ReadonlyMap<string, string> = new Map([
  ['-Infinity', 'A'],
  ['Infinity', 'E'],
  ['NaN', 'F'],
]);
/** A numeric has up to 131,072 digits before the point and 16,383 behind it. */
const EXPONENT_BIAS = 500_000;

/**
 * Exact, whatever the number of digits: sign, place of the first digit, digits. Of negative numbers place and digits are
 * turned round, and the end stands above all digits, because more digits make them less.
 */
function numericKey(text: string): string | undefined {
  const special = SPECIAL.get(text);
  if (special !== undefined) return special;
  const [, sign, whole = '', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  if (sign === undefined) return undefined;
  const all = whole + fraction;
  const zeros = /^0*/.exec(all)?.[0].length ?? 0;
  const digits = all.slice(zeros).replace(/0+$/, '');
  if (digits === '') return 'C';
  const place = whole.length - zeros + EXPONENT_BIAS;
  if (sign === '') return `D${place}${digits}`;
  const turned = digits.replaceAll(/\d/g, (digit) => String(9 - Number(digit)));
  return `B${2 * EXPONENT_BIAS - 1 - place}${turned}~`;
}
