import { createRequire } from 'node:module';
import type * as Iconv from 'iconv-lite';

/**
 * The encodings that scripts and sessions may be in, by PostgreSQL's names (documentation, "Character Set Support").
 *
 * psql sends a script's bytes as they are, and the server reads them by its client_encoding. pqrun makes text of them,
 * because it parses and prints them, and encodes again what it sends. SQL_ASCII means that bytes have no meaning: they are
 * taken for UTF-8, and stay what they are.
 */

const require = createRequire(import.meta.url);

/** Loaded when a script needs it: few do. */
function loadIconv(): typeof Iconv {
  // `require` is untyped.
  return require('iconv-lite') as typeof Iconv;
}

export type Decoder = (bytes: Uint8Array) => string;
export type Encoder = (text: string) => Buffer;

export interface Encoding {
  readonly decode: Decoder;
  readonly encode: Encoder;
}

/** `utf8`: nothing is to be done; `unknown`: PostgreSQL may know it, we do not. */
export function encodingNamed(name: string): Encoding | 'utf8' | 'unknown' {
  const key = name.toUpperCase().replace(/[^A-Z0-9]/g, '');
  if (UTF8_NAMES.has(key)) return 'utf8';
  const codec = CODECS.get(key);
  if (codec === undefined) return 'unknown';
  const iconv = loadIconv();
  const encode = corrected((text) => iconv.encode(text, codec), CODES.get(codec));
  return {
    decode: (bytes) => {
      const text = iconv.decode(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), codec);
      return encode(text).equals(bytes) ? text : withoutUnsendable(text, encode);
    },
    encode,
  };
}

/** A character that could not be sent again (a user-defined one) is none to us, just as bytes that stand for none. */
function withoutUnsendable(text: string, encode: Encoder): string {
  const isSendable = (character: string): boolean =>
    character === '?' || encode(character)[0] !== QUESTION_MARK;
  return Array.from(text, (character) => (isSendable(character) ? character : '\ufffd')).join('');
}

/** What is written for a character that has no code. */
const QUESTION_MARK = 0x3f;

/** With codes of its own for some characters. */
function corrected(encode: Encoder, codes: ReadonlyMap<string, number> | undefined): Encoder {
  if (codes === undefined) return encode;
  const special = new RegExp(`([${[...codes.keys()].join('')}])`, 'u');
  return (text) =>
    Buffer.concat(
      text.split(special).map((part) => {
        const code = codes.get(part);
        return code === undefined ? encode(part) : Buffer.from([code >> 8, code & 0xff]);
      }),
    );
}

/** Characters that have two codes, of which iconv-lite writes the one that PostgreSQL does not know. */
const CODES: ReadonlyMap<string, ReadonlyMap<string, number>> = new Map([
  ['euc-jp', new Map([['\uff5e', 0xa1c1]])],
  [
    'big5',
    new Map([
      ['═', 0xa2a4],
      ['╞', 0xa2a5],
      ['╪', 0xa2a6],
      ['╡', 0xa2a7],
    ]),
  ],
]);

const UTF8_NAMES: ReadonlySet<string> = new Set(['UTF8', 'UNICODE', 'SQLASCII']);

/** PostgreSQL's names and aliases, letters and digits only (src/common/encnames.c) → iconv-lite's. */
const CODECS: ReadonlyMap<string, string> = new Map([
  ['LATIN1', 'iso-8859-1'],
  ['ISO88591', 'iso-8859-1'],
  ...[2, 3, 4].map((n) => [`LATIN${n}`, `iso-8859-${n}`] as const),
  ['LATIN5', 'iso-8859-9'],
  ['LATIN6', 'iso-8859-10'],
  ['LATIN7', 'iso-8859-13'],
  ['LATIN8', 'iso-8859-14'],
  ['LATIN9', 'iso-8859-15'],
  ['LATIN10', 'iso-8859-16'],
  ...[2, 3, 4, 5, 6, 7, 8, 9, 10, 13, 14, 15, 16].map((n) => [`ISO8859${n}`, `iso-8859-${n}`] as const),
  ...[1250, 1251, 1252, 1253, 1254, 1255, 1256, 1257, 1258].flatMap((n) => windows(n, `windows-${n}`)),
  ...windows(866, 'cp866'),
  ...windows(874, 'cp874'),
  ...windows(932, 'shift_jis'),
  ...windows(936, 'gbk'),
  ...windows(949, 'cp949'),
  ...windows(950, 'big5'),
  ['WIN', 'windows-1251'],
  ...['ABC', 'TCVN', 'TCVN5712', 'VSCII'].map((name) => [name, 'windows-1258'] as const),
  ['ALT', 'cp866'],
  ['KOI8', 'koi8-r'],
  ['KOI8R', 'koi8-r'],
  ['KOI8U', 'koi8-u'],
  ['EUCJP', 'euc-jp'],
  ['SJIS', 'shift_jis'],
  ['SHIFTJIS', 'shift_jis'],
  ['MSKANJI', 'shift_jis'],
  ['EUCCN', 'gb2312'],
  ['GBK', 'gbk'],
  ['GB18030', 'gb18030'],
  ['EUCKR', 'euc-kr'],
  ['UHC', 'cp949'],
  ['BIG5', 'big5'],
]);

function windows(page: number, codec: string): readonly (readonly [string, string])[] {
  return [`WIN${page}`, `WINDOWS${page}`].map((name) => [name, codec] as const);
}

/** Undefined: of an encoding that is not known. */
export function decoderOf(name: string): Decoder | undefined {
  const encoding = encodingNamed(name);
  return typeof encoding === 'string' ? undefined : encoding.decode;
}
