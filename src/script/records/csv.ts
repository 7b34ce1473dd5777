import { createRequire } from 'node:module';
import type * as CsvParse from 'csv-parse/sync';
import { countLineFeeds } from '../line-count.js';
import type { RecordFaults, RecordTable } from './table.js';

/**
 * Records in CSV: the first line names the columns; commas, double quotes, line breaks inside quotes, LF or CRLF, a byte
 * order mark. As COPY has it, an empty value is NULL, and `""` is the empty string.
 */
export function readCsv(bytes: Buffer, faults: RecordFaults): RecordTable | undefined {
  const rows = parseRows(bytes, faults);
  const [header, ...rest] = rows ?? [];
  if (rows === undefined) return undefined;
  if (header === undefined) {
    faults.add(1, { message: 'the file is empty', hint: 'begin it with a line that names its columns' });
    return undefined;
  }
  const columns = header.record.map((name) => name?.trim() ?? '');
  const lines = linesOf(bytes, rows);
  const records = rest.map(({ record }, index) => ({ values: record, line: lines[index + 1] ?? 1 }));
  for (const { values, line } of records)
    if (values.length !== columns.length) faults.add(line, lengthFault(values.length, columns.length));
  return { columns, columnsLine: lines[0] ?? 1, records };
}

interface Row {
  readonly record: readonly (string | null)[];
  /** `bytes`: of the file, up to the end of the record. */
  readonly info: { readonly bytes: number };
}

const FORMAT = {
  bom: true,
  info: true,
  relax_column_count: true,
  record_delimiter: ['\r\n', '\n', '\r'],
  cast: (value: string, { quoting }: { readonly quoting: boolean }) =>
    value === '' && !quoting ? null : value,
};

function parseRows(bytes: Buffer, faults: RecordFaults): readonly Row[] | undefined {
  try {
    // With `info` a record comes with its place, which the package's types do not say.
    return parser().parse(bytes, FORMAT) as unknown as readonly Row[];
  } catch (error) {
    const message = MESSAGES.get(codeOf(error));
    if (message === undefined) throw error;
    faults.add(countLineFeeds(bytes, 0, endOfSound(bytes)) + 1, { message, hint: QUOTING });
    return undefined;
  }
}

/** Where the first record begins that cannot be read: the package's errors do not say it. */
function endOfSound(bytes: Buffer): number {
  let end = 0;
  try {
    parser().parse(bytes, {
      ...FORMAT,
      on_record: (_, { bytes: read }) => {
        end = read;
        return null;
      },
    });
  } catch {
    return end;
  }
  return end;
}

/** Loaded when there is such a file, because it takes longer than a small script; and while a script is read, so at once. */
function parser(): typeof CsvParse {
  // What require gives has no type of its own.
  return createRequire(import.meta.url)('csv-parse/sync') as typeof CsvParse;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

const MESSAGES: ReadonlyMap<string, string> = new Map([
  ['CSV_QUOTE_NOT_CLOSED', 'a quoted value of the record that begins here is not closed'],
  ['CSV_INVALID_CLOSING_QUOTE', 'something stands behind the closing quote of a value of this record'],
  ['INVALID_OPENING_QUOTE', 'a quote stands inside a value of this record that does not begin with one'],
]);

const QUOTING =
  'put a value with quotes, commas or line breaks in double quotes, and write a quote in it twice';

/** The line that each row begins on: behind the end of the one before it. */
function linesOf(bytes: Buffer, rows: readonly Row[]): readonly number[] {
  const lines: number[] = [];
  let [line, at] = [1, 0];
  for (const { info } of rows) {
    lines.push(line);
    line += countLineFeeds(bytes, at, info.bytes);
    at = info.bytes;
  }
  return lines;
}

function lengthFault(values: number, columns: number): { readonly message: string; readonly hint: string } {
  return {
    message: `this record has ${values} ${values === 1 ? 'value' : 'values'}, and the header ${columns} ${columns === 1 ? 'column' : 'columns'}`,
    hint: 'give each record a value for each column; a value with a comma in it stands in double quotes',
  };
}
