/**
 * The server's text of a value → JSON, by the value's type, as PostgreSQL's own to_json does it (src/backend/utils/adt/
 * json.c, json_categorize_type): numbers, booleans and JSON stay what they are, with every digit; arrays become arrays; all
 * else is a string as the server writes it. What JSON has no number for (NaN, Infinity) is a string.
 *
 * It knows the types that every server has. Arrays of other types stay strings: only the server's catalog knows that they
 * are arrays.
 */
export type JsonEncoder = (text: string) => string;

export function jsonEncoder(type: number): JsonEncoder {
  const scalar = SCALARS.get(type);
  if (scalar !== undefined) return scalar;
  const element = ARRAY_ELEMENTS.get(type);
  return element === undefined ? JSON.stringify : arrayEncoder(jsonEncoder(element));
}

const number: JsonEncoder = (text) => (/\d$/.test(text) ? text : JSON.stringify(text));
const boolean: JsonEncoder = (text) => (text === 't' ? 'true' : 'false');
/** Line ends stand between tokens only, so that a blank is as good. */
const json: JsonEncoder = (text) => text.replace(/[\r\n]/g, ' ');

const SCALARS: ReadonlyMap<number, JsonEncoder> = new Map([
  [16, boolean],
  // int8 int2 int4 oid float4 float8 numeric
  ...[20, 21, 23, 26, 700, 701, 1700].map((type) => [type, number] as const),
  // json jsonb
  ...[114, 3802].map((type) => [type, json] as const),
]);

/** Array type → type of its elements (src/include/catalog/pg_type.dat). */
const ARRAY_ELEMENTS: ReadonlyMap<number, number> = new Map([
  // bool bytea char name int8 int2 int4 text oid
  ...([
    [1000, 16],
    [1001, 17],
    [1002, 18],
    [1003, 19],
    [1016, 20],
    [1005, 21],
    [1007, 23],
    [1009, 25],
    [1028, 26],
  ] as const),
  // json jsonb float4 float8 numeric money
  ...([
    [199, 114],
    [3807, 3802],
    [1021, 700],
    [1022, 701],
    [1231, 1700],
    [791, 790],
  ] as const),
  // bpchar varchar date time timestamp timestamptz interval timetz uuid inet cidr
  ...([
    [1014, 1042],
    [1015, 1043],
    [1182, 1082],
    [1183, 1083],
    [1115, 1114],
    [1185, 1184],
    [1187, 1186],
  ] as const),
  ...([
    [1270, 1266],
    [2951, 2950],
    [1041, 869],
    [651, 650],
  ] as const),
]);

/** `{1,NULL,"a b"}` → `[1,null,"a b"]`, nested as deep as it is; bounds that do not begin at 1 (`[0:1]={…}`) are left out. */
function arrayEncoder(element: JsonEncoder): JsonEncoder {
  return (text) => {
    const list = text.startsWith('[') ? text.slice(text.indexOf('=') + 1) : text;
    return list.replace(ARRAY_TOKEN, (token, quoted: string | undefined) => {
      if (quoted !== undefined) return element(quoted.replace(/\\(.)/gs, '$1'));
      return PUNCTUATION.get(token) ?? element(token);
    });
  };
}

/** As array_out writes them (src/backend/utils/adt/arrayfuncs.c): what is in quotes is never NULL. */
const ARRAY_TOKEN = /"([^"\\]*(?:\\.[^"\\]*)*)"|[{}]|[^{},"]+/gs;
const PUNCTUATION: ReadonlyMap<string, string> = new Map([
  ['{', '['],
  ['}', ']'],
  ['NULL', 'null'],
]);
