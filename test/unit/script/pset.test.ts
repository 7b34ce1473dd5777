import { describe, expect, it } from 'vitest';
import { DEFAULT_PRINT, type PrintSettings } from '../../../src/model/print.js';
import { applyPset, toggleAligned } from '../../../src/script/pset.js';

/** The words behind `\pset`, parted by blanks; those behind the second are the value. */
function pset(line: string, settings: PrintSettings = DEFAULT_PRINT): PrintSettings {
  const answer = tryPset(line, settings);
  if (!answer.ok) throw new Error(answer.fault.message);
  return answer.settings;
}

function tryPset(line: string, settings: PrintSettings = DEFAULT_PRINT): ReturnType<typeof applyPset> {
  const [name = '', ...value] = line.split(' ');
  return applyPset(settings, name, value.length === 0 ? undefined : value.join(' '));
}

function faultOf(line: string): string {
  const answer = tryPset(line);
  return answer.ok ? 'no fault' : `${answer.fault.message} | ${answer.fault.hint ?? 'no hint'}`;
}

describe('an option is set to a value', () => {
  it.each<[string, Partial<PrintSettings>]>([
    ['format unaligned', { format: 'unaligned' }],
    ['format UN', { format: 'unaligned' }],
    ['format al', { format: 'aligned' }],
    ['format c', { format: 'csv' }],
    ['format h', { format: 'html' }],
    ['expanded on', { expanded: 'on' }],
    ['x 1', { expanded: 'on' }],
    ['vertical TR', { expanded: 'on' }],
    ['x of', { expanded: 'off' }],
    ['x Auto', { expanded: 'auto' }],
    ['columns 80', { columns: 80 }],
    ['columns -5', { columns: 0 }],
    ['columns many', { columns: 0 }],
    ['border 2', { border: 2 }],
    ['border  12x', { border: 12 }],
    ['border +1', { border: 1 }],
    ['border none', { border: 0 }],
    ['border -3', { border: 65533 }],
    ['border 70000', { border: 4464 }],
    ['linestyle u', { lineStyle: 'unicode' }],
    ['linestyle ASCII', { lineStyle: 'ascii' }],
    ['linestyle ', { lineStyle: 'ascii' }],
    ['fieldsep ;', { fieldSeparator: ';' }],
    ['fieldsep ', { fieldSeparator: '' }],
    ['fieldsep_zero', { fieldSeparator: '\0' }],
    ['recordsep \n\n', { recordSeparator: '\n\n' }],
    ['recordsep_zero whatever', { recordSeparator: '\0' }],
    ['csv_fieldsep \t', { csvFieldSeparator: '\t' }],
    ['null (null)', { nullText: '(null)' }],
    ['tuples_only yes', { tuplesOnly: true }],
    ['t n', { tuplesOnly: false }],
    ['footer off', { footer: false }],
    ['title A title', { title: 'A title' }],
    ['C ', { title: '' }],
    ['tableattr class="x"', { tableAttributes: 'class="x"' }],
    ['T ', { tableAttributes: '' }],
  ])('\\pset %s', (line, changes) => {
    expect(pset(line)).toEqual({ ...DEFAULT_PRINT, ...changes });
  });
});

describe('without a value', () => {
  const changed: PrintSettings = {
    format: 'csv',
    expanded: 'auto',
    columns: 40,
    border: 2,
    lineStyle: 'unicode',
    fieldSeparator: '\t',
    recordSeparator: '\0',
    csvFieldSeparator: ';',
    nullText: '∅',
    tuplesOnly: true,
    footer: false,
    title: 'T',
    tableAttributes: 'a',
  };

  it.each(['format', 'columns', 'border', 'linestyle', 'fieldsep', 'recordsep', 'csv_fieldsep', 'null'])(
    '\\pset %s changes nothing: psql shows the setting',
    (name) => expect(pset(name, changed)).toEqual(changed),
  );

  it.each(['t', 'tuples_only'])('\\pset %s toggles', (name) => {
    expect(pset(name).tuplesOnly).toBe(true);
    expect(pset(name, changed).tuplesOnly).toBe(false);
  });

  it('\\pset footer toggles', () => {
    expect(pset('footer').footer).toBe(false);
    expect(pset('footer', changed).footer).toBe(true);
  });

  it.each(['x', 'expanded', 'vertical'])('\\pset %s toggles between on and off, from auto to off', (name) => {
    expect(pset(name).expanded).toBe('on');
    expect(pset(name, pset(name)).expanded).toBe('off');
    expect(pset(name, changed).expanded).toBe('off');
  });

  it('\\pset title and \\pset tableattr are unset', () => {
    expect(pset('title', changed).title).toBeUndefined();
    expect(pset('C', changed).title).toBeUndefined();
    expect(pset('tableattr', changed).tableAttributes).toBeUndefined();
    expect(pset('T', changed).tableAttributes).toBeUndefined();
  });
});

it.each([
  'pager',
  'pager off',
  'pager ALWAYS',
  'pager_min_lines',
  'pager_min_lines 3',
  'unicode_border_linestyle',
  'unicode_border_linestyle single',
  'unicode_column_linestyle s',
  'unicode_header_linestyle SI',
  'numericlocale off',
  'xheader_width',
  'xheader_width full',
  'display_true t',
  'display_false f',
])('\\pset %s is accepted and changes nothing', (line) => expect(pset(line)).toEqual(DEFAULT_PRINT));

describe('faults', () => {
  const formats = 'the formats that pqrun prints are aligned, unaligned, csv and html';
  const csv = "it takes a single one-byte character, as in ';' or '\\t'";

  it.each([
    ['format a', '\\pset format: “a” can be aligned or asciidoc | write more of the name'],
    ['format wrapped', `\\pset format wrapped is not supported | ${formats}`],
    ['format asc', `\\pset format asciidoc is not supported | ${formats}`],
    ['format lat', `\\pset format latex is not supported | ${formats}`],
    ['format latex-', `\\pset format latex-longtable is not supported | ${formats}`],
    ['format t', `\\pset format troff-ms is not supported | ${formats}`],
    ['format json', `\\pset format does not know “json” | ${formats}`],
    ['expanded au', '\\pset expanded does not know “au” | its values are on, off and auto'],
    ['x o', '\\pset x does not know “o” | its values are on, off and auto'],
    ['x ', '\\pset x does not know “” | its values are on, off and auto'],
    [
      'linestyle o',
      '\\pset linestyle old-ascii is not supported | the line styles that pqrun draws are ascii and unicode',
    ],
    ['linestyle thick', '\\pset linestyle does not know “thick” | the line styles are ascii and unicode'],
    ['csv_fieldsep ||', `\\pset csv_fieldsep does not know “||” | ${csv}`],
    ['csv_fieldsep é', `\\pset csv_fieldsep does not know “é” | ${csv}`],
    ['csv_fieldsep ', `\\pset csv_fieldsep does not know “” | ${csv}`],
    ['tuples_only auto', '\\pset tuples_only does not know “auto” | its values are on and off'],
    ['footer 2', '\\pset footer does not know “2” | its values are on and off'],
    ['pager alw', '\\pset pager does not know “alw” | its values are on, off and always'],
    [
      'unicode_border_linestyle d',
      '\\pset unicode_border_linestyle double is not supported | pqrun draws single lines',
    ],
    [
      'unicode_header_linestyle x',
      '\\pset unicode_header_linestyle does not know “x” | pqrun draws single lines',
    ],
    ['numericlocale maybe', '\\pset numericlocale does not know “maybe” | its values are on and off'],
    [
      'xheader_width page',
      '\\pset xheader_width page is not supported | pqrun prints as with \\pset xheader_width full',
    ],
    ['fromat csv', '\\pset has no option “fromat” | did you mean format?'],
  ])('\\pset %s', (line, fault) => expect(faultOf(line)).toBe(fault));

  it.each(['"', '\n', '\r'])('\\pset csv_fieldsep is nothing that has a meaning in CSV: %j', (separator) => {
    expect(faultOf(`csv_fieldsep ${separator}`)).toContain(
      'cannot be a double quote, a newline or a carriage return',
    );
  });

  it.each(['numericlocale', 'numericlocale on'])('\\pset %s would group digits', (line) => {
    expect(faultOf(line)).toContain('\\pset numericlocale on is not supported');
  });

  it('names all options where none is like the one given', () => {
    expect(faultOf('colour red')).toMatch(/has no option “colour” \| its options are format, .*, null, /);
  });

  it('takes the names of options as they are written', () => {
    expect(faultOf('Format csv')).toContain('has no option “Format”');
    expect(faultOf('fo csv')).toContain('has no option “fo”');
  });
});

it('\\a goes between aligned and unaligned, and from any other format to aligned', () => {
  expect(toggleAligned(DEFAULT_PRINT).format).toBe('unaligned');
  expect(toggleAligned(toggleAligned(DEFAULT_PRINT))).toEqual(DEFAULT_PRINT);
  expect(toggleAligned(pset('format csv')).format).toBe('aligned');
});

it.each(['tsv', 'json', 'ndjson'] as const)(
  'nothing in a script changes the format %s of all results',
  (format) => {
    const settings = { ...DEFAULT_PRINT, format };
    expect(toggleAligned(settings).format).toBe(format);
    expect(applyPset(settings, 'format', 'csv')).toMatchObject({ ok: true, settings: { format } });
    expect(applyPset(settings, 'format', 'latex')).toMatchObject({ ok: false });
  },
);
