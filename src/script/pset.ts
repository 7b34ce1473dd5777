import { parseBoolean } from './boolean.js';
import { closest } from './did-you-mean.js';
import type { Fault } from './faults.js';
import type { PrintFormat, PrintSettings } from '../model/print.js';

/**
 * psql's `\pset`: how an option changes the way results are printed.
 *
 * Rules: do_pset in PostgreSQL's src/bin/psql/command.c. Without a value an option toggles, is unset, or (where psql
 * would show it) stays as it is. What pqrun cannot print is a fault, so that no script prints something else than under
 * psql; what only matters to a terminal is accepted and does nothing.
 */
export type Pset =
  { readonly ok: true; readonly settings: PrintSettings } | { readonly ok: false; readonly fault: Fault };

export function applyPset(settings: PrintSettings, name: string, value: string | undefined): Pset {
  const option = OPTIONS.get(name);
  if (option !== undefined) return option(settings, value, name);
  const meant = closest(name, [...OPTIONS.keys()]);
  return refuse(
    `\\pset has no option “${name}”`,
    meant === undefined ? `its options are ${[...OPTIONS.keys()].join(', ')}` : `did you mean ${meant}?`,
  );
}

/** `\a`: unaligned if aligned, else aligned. */
export function toggleAligned(settings: PrintSettings): PrintSettings {
  return isOfRun(settings)
    ? settings
    : { ...settings, format: settings.format === 'aligned' ? 'unaligned' : 'aligned' };
}

/**
 * A format that psql does not have was asked for by whoever runs the script, and for all of its results: a program reads
 * them, and one table in another format would spoil the whole document.
 */
function isOfRun({ format }: PrintSettings): boolean {
  return format === 'tsv' || format === 'json' || format === 'ndjson';
}

type Option = (settings: PrintSettings, value: string | undefined, name: string) => Pset;

function change(settings: PrintSettings, changes: Partial<PrintSettings>): Pset {
  return { ok: true, settings: { ...settings, ...changes } };
}

function refuse(message: string, hint: string): Pset {
  return { ok: false, fault: { message, hint } };
}

function refuseValue(name: string, value: string, hint: string): Pset {
  return refuse(`\\pset ${name} does not know “${value}”`, hint);
}

function refuseUnsupported(name: string, value: string, hint: string): Pset {
  return refuse(`\\pset ${name} ${value} is not supported`, hint);
}

const PRINTED_FORMATS: readonly string[] = ['aligned', 'csv', 'html', 'unaligned'] satisfies PrintFormat[];
const FORMATS = ['aligned', 'asciidoc', 'csv', 'html', 'latex', 'troff-ms', 'unaligned', 'wrapped'];
const FORMATS_HINT = 'the formats that pqrun prints are aligned, unaligned, csv and html';

/** The beginning of a format's name will do, if no other begins like it; `latex` is not short for latex-longtable. */
const format: Option = (settings, value, name) => {
  if (value === undefined) return change(settings, {});
  const matches = FORMATS.filter((known) => begins(known, value));
  if (matches.length > 1)
    return refuse(`\\pset format: “${value}” can be ${matches.join(' or ')}`, 'write more of the name');
  const [match = begins('latex-longtable', value) ? 'latex-longtable' : undefined] = matches;
  if (match === undefined) return refuseValue(name, value, FORMATS_HINT);
  return isPrinted(match)
    ? change(settings, isOfRun(settings) ? {} : { format: match })
    : refuseUnsupported(name, match, FORMATS_HINT);
};

const lineStyle: Option = (settings, value, name) => {
  if (value === undefined) return change(settings, {});
  if (begins('ascii', value)) return change(settings, { lineStyle: 'ascii' });
  if (begins('old-ascii', value))
    return refuseUnsupported(name, 'old-ascii', 'the line styles that pqrun draws are ascii and unicode');
  if (begins('unicode', value)) return change(settings, { lineStyle: 'unicode' });
  return refuseValue(name, value, 'the line styles are ascii and unicode');
};

const expanded: Option = (settings, value, name) => {
  if (value === undefined) return change(settings, { expanded: settings.expanded === 'off' ? 'on' : 'off' });
  if (value.toLowerCase() === 'auto') return change(settings, { expanded: 'auto' });
  const on = parseBoolean(value);
  if (on === undefined) return refuseValue(name, value, 'its values are on, off and auto');
  return change(settings, { expanded: on ? 'on' : 'off' });
};

const csvSeparator: Option = (settings, value, name) => {
  if (value === undefined) return change(settings, {});
  if (Buffer.byteLength(value) !== 1)
    return refuseValue(name, value, "it takes a single one-byte character, as in ';' or '\\t'");
  if (/["\r\n]/.test(value))
    return refuse(
      `\\pset ${name} cannot be a double quote, a newline or a carriage return`,
      "these have a meaning of their own in CSV: take another character, as in ';' or '\\t'",
    );
  return change(settings, { csvFieldSeparator: value });
};

/** Only matters when psql talks to a terminal. */
const pager: Option = (settings, value, name) => {
  const known = value === undefined || value.toLowerCase() === 'always' || parseBoolean(value) !== undefined;
  return known ? change(settings, {}) : refuseValue(name, value, 'its values are on, off and always');
};

/** Double lines are psql's other choice. */
const unicodeLines: Option = (settings, value, name) => {
  if (value === undefined || begins('single', value)) return change(settings, {});
  const hint = 'pqrun draws single lines';
  return begins('double', value) ? refuseUnsupported(name, 'double', hint) : refuseValue(name, value, hint);
};

const numericLocale: Option = (settings, value, name) => {
  const on = value === undefined ? true : parseBoolean(value);
  if (on === undefined) return refuseValue(name, value ?? '', 'its values are on and off');
  return on
    ? refuseUnsupported(
        name,
        'on',
        'pqrun prints numbers as the server writes them; to_char() can group digits',
      )
    : change(settings, {});
};

/** Options of newer psqls, of which pqrun knows what they begin with. */
function only(standard: string): Option {
  return (settings, value, name) =>
    value === undefined || value === standard
      ? change(settings, {})
      : refuseUnsupported(name, value, `pqrun prints as with \\pset ${name} ${standard}`);
}

/** On or off; toggles without a value. */
function toggle(key: 'tuplesOnly' | 'footer'): Option {
  return (settings, value, name) => {
    const on = value === undefined ? !settings[key] : parseBoolean(value);
    return on === undefined
      ? refuseValue(name, value ?? '', 'its values are on and off')
      : change(settings, { [key]: on });
  };
}

/** Any text; stays without a value. */
function text(key: 'fieldSeparator' | 'recordSeparator' | 'nullText'): Option {
  return (settings, value) => change(settings, value === undefined ? {} : { [key]: value });
}

/** Any text; unset without a value. */
function optionalText(key: 'title' | 'tableAttributes'): Option {
  return (settings, value) => change(settings, { [key]: value });
}

function zeroByte(key: 'fieldSeparator' | 'recordSeparator'): Option {
  return (settings) => change(settings, { [key]: '\0' });
}

/** As psql keeps it: the lower 16 bits of whatever number the text begins with. */
const border: Option = (settings, value) =>
  change(settings, value === undefined ? {} : { border: Number(BigInt.asUintN(16, leadingInteger(value))) });

/** No width is like 0. */
const columns: Option = (settings, value) => {
  const width = value === undefined ? settings.columns : Number(BigInt.asIntN(32, leadingInteger(value)));
  return change(settings, { columns: Math.max(0, width) });
};

const unchanged: Option = (settings) => change(settings, {});

const OPTIONS: ReadonlyMap<string, Option> = new Map<string, Option>([
  ['format', format],
  ['expanded', expanded],
  ['x', expanded],
  ['vertical', expanded],
  ['border', border],
  ['linestyle', lineStyle],
  ['fieldsep', text('fieldSeparator')],
  ['fieldsep_zero', zeroByte('fieldSeparator')],
  ['recordsep', text('recordSeparator')],
  ['recordsep_zero', zeroByte('recordSeparator')],
  ['csv_fieldsep', csvSeparator],
  ['null', text('nullText')],
  ['tuples_only', toggle('tuplesOnly')],
  ['t', toggle('tuplesOnly')],
  ['footer', toggle('footer')],
  ['title', optionalText('title')],
  ['C', optionalText('title')],
  ['tableattr', optionalText('tableAttributes')],
  ['T', optionalText('tableAttributes')],
  ['columns', columns],
  ['pager', pager],
  ['pager_min_lines', unchanged],
  ['unicode_border_linestyle', unicodeLines],
  ['unicode_column_linestyle', unicodeLines],
  ['unicode_header_linestyle', unicodeLines],
  ['numericlocale', numericLocale],
  ['xheader_width', only('full')],
  ['display_true', only('t')],
  ['display_false', only('f')],
]);

function isPrinted(name: string): name is PrintFormat {
  return PRINTED_FORMATS.includes(name);
}

/** Whether a word is short for a longer one, in any case. The empty word is short for all. */
function begins(whole: string, word: string): boolean {
  return whole.startsWith(word.toLowerCase());
}

/** C's atoi: the number a text begins with, 0 without one. */
function leadingInteger(value: string): bigint {
  const digits = /^\s*([+-]?)([0-9]+)/.exec(value);
  if (digits === null) return 0n;
  const size = BigInt(digits[2] ?? '0');
  return digits[1] === '-' ? -size : size;
}
