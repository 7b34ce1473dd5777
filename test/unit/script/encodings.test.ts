import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodingNamed, type Encoding } from '../../../src/script/encodings.js';
import { brief, read } from './reading.js';

function encoding(name: string): Encoding {
  const found = encodingNamed(name);
  return typeof found === 'string' ? expect.unreachable(`${name}: ${found}`) : found;
}

const SINGLE_BYTE = [
  ...[1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((n) => `LATIN${n}`),
  ...['ISO_8859_5', 'ISO_8859_6', 'ISO_8859_7', 'ISO_8859_8'],
  ...[1250, 1251, 1252, 1253, 1254, 1255, 1256, 1257, 1258, 866, 874].map((n) => `WIN${n}`),
  ...['KOI8R', 'KOI8U'],
];
const MANY_BYTES = ['EUC_JP', 'SJIS', 'EUC_CN', 'GBK', 'GB18030', 'EUC_KR', 'UHC', 'BIG5'];

describe('names', () => {
  it.each(['UTF8', 'utf-8', 'Unicode', 'SQL_ASCII'])('%s needs nothing to be done', (name) => {
    expect(encodingNamed(name)).toBe('utf8');
  });

  it.each(['MULE_INTERNAL', 'EUC_TW', 'JOHAB', 'EUC_JIS_2004', 'klingon', ''])('%s is not known', (name) => {
    expect(encodingNamed(name)).toBe('unknown');
  });

  it.each([
    ['iso_8859_1', 'LATIN1'],
    ['ISO88592', 'LATIN2'],
    ['ISO_8859_15', 'LATIN9'],
    ['latin-1', 'LATIN1'],
    ['Windows-1252', 'WIN1252'],
    ['WIN', 'WIN1251'],
    ['ALT', 'WIN866'],
    ['KOI8', 'KOI8R'],
    ['ShiftJIS', 'SJIS'],
    ['Windows949', 'UHC'],
    ['Windows950', 'BIG5'],
    ['Windows936', 'GBK'],
    ['Windows932', 'SJIS'],
    ['Windows866', 'WIN866'],
    ['Windows874', 'WIN874'],
  ])('%s is %s', (alias, name) => {
    const all = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    expect(encoding(alias).decode(all)).toBe(encoding(name).decode(all));
  });
});

describe('encodings of one byte', () => {
  it.each(SINGLE_BYTE)('%s gives back each byte that it defines', (name) => {
    const { decode, encode } = encoding(name);
    let defined = 0;
    for (let byte = 0; byte < 256; byte++) {
      const bytes = Buffer.from([byte]);
      const text = decode(bytes);
      if (text === '\ufffd') continue;
      defined += 1;
      expect(encode(text)).toEqual(bytes);
    }
    expect(defined).toBeGreaterThanOrEqual(200);
  });
});

describe('encodings of several bytes', () => {
  it.each([
    ['EUC_JP', '日本語のテキスト～ｱ', 'a1c1'],
    ['SJIS', '日本語のテキスト～ｱ', '8160'],
    ['EUC_CN', '简体中文', 'bcf2'],
    ['GBK', '简体中文€', 'bcf2'],
    ['GB18030', '简体中文€😀', 'bcf2'],
    ['EUC_KR', '한국어', 'c7d1'],
    ['UHC', '한국어똠', 'c7d1'],
    ['BIG5', '繁體中文十═╡', 'c163'],
  ])('%s: %s', (name, text, code) => {
    const { decode, encode } = encoding(name);
    const bytes = encode(text);
    expect(decode(bytes)).toBe(text);
    expect(bytes.toString('hex')).toContain(code);
  });

  it.each([...SINGLE_BYTE, ...MANY_BYTES])('%s is ASCII in its first half', (name) => {
    const { decode, encode } = encoding(name);
    const ascii = Buffer.from(Array.from({ length: 128 }, (_, byte) => byte));
    expect(decode(ascii)).toBe(ascii.toString('latin1'));
    expect(encode(ascii.toString('latin1'))).toEqual(ascii);
  });

  it.each([...SINGLE_BYTE, ...MANY_BYTES])(
    '%s gives back any text that it has the characters for',
    (name) => {
      const { decode, encode } = encoding(name);
      const text = fc
        .uint8Array({ maxLength: 30 })
        .map((bytes) => decode(bytes))
        .filter((decoded) => !decoded.includes('\ufffd'));
      fc.assert(
        fc.property(text, (decoded) => {
          expect(decode(encode(decoded))).toBe(decoded);
        }),
      );
    },
  );
});

describe('a script in another encoding', () => {
  it('is read as text, line by line', () => {
    const { decode, encode } = encoding('SJIS');
    // The second byte of 表 is a backslash, that of ポ a `|`.
    const { texts, faults } = read(
      encode("select '表', 'ポ';\n\\set v '能'\nselect :'v';"),
      {},
      { decoder: decode },
    );
    expect(faults).toEqual([]);
    expect(texts).toEqual(["select '表', 'ポ'", "select '能'"]);
  });

  it('with bytes that are no character of it is refused at the place of the first', () => {
    const { decode } = encoding('WIN1252');
    const script = Buffer.from("select 1;\nselect '\u00e9\u0081';", 'latin1');
    const { faults } = read(script, {}, { decoder: decode });
    expect(brief(faults)).toEqual([
      '2:10 this is no character of the encoding that the script is said to be in',
    ]);
    expect(brief(read(Buffer.from('a\0'), {}, { decoder: decode }).faults)[0]).toContain('1:2 a zero byte');
  });
});
