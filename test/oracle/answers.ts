import {
  complete,
  dataRow,
  error,
  parameterStatus,
  rowDescription,
  type TransactionStatus,
} from './backend-messages.js';
import type { Part } from './sql-words.js';

/**
 * What the recorder answers to one statement. It knows no tables: results are what a block comment in the statement says.
 *
 * `row a=1,b=x` is one row, `rows a=1;a=2` several; values are percent-encoded, and a column without `=` is NULL. `error`
 * fails. Nothing else stands in the comment.
 */
export interface Answer {
  /** `copy`: ask for data first, then send the bytes. `failed`: the rest of the Query is not run. */
  readonly kind: 'done' | 'copy' | 'failed';
  readonly bytes: Buffer;
  readonly status: TransactionStatus;
  /** The new setting of standard_conforming_strings. */
  readonly standardStrings?: boolean;
}

export function answer({ raw, words }: Part, status: TransactionStatus): Answer {
  if (raw.includes('/*error*/')) {
    const failed = status === 'I' ? 'I' : 'E';
    return { kind: 'failed', bytes: error('42601', 'the statement asked for this error'), status: failed };
  }
  if (/^COPY\b.*\bFROM STDIN\b/.test(words)) return { kind: 'copy', bytes: complete('COPY 0'), status };
  const setting = /^(SET|RESET)(?: SESSION)? (STANDARD_CONFORMING_STRINGS|CLIENT_ENCODING)\b/.exec(words);
  if (setting) return answerSetting(raw, { name: setting[2] ?? '', status });
  const marker = /\/\*rows? ([^*]*)\*\//.exec(raw)?.[1];
  if (marker !== undefined) return { kind: 'done', bytes: rows(marker), status };
  if (/^(?:SELECT|VALUES|TABLE|WITH|SHOW|EXPLAIN|FETCH|EXECUTE)\b/.test(words)) {
    const bytes = Buffer.concat([rowDescription([]), dataRow([]), complete('SELECT 1')]);
    return { kind: 'done', bytes, status };
  }
  return { kind: 'done', bytes: complete(words.split(' ', 1)[0] ?? ''), status: statusAfter(words, status) };
}

function answerSetting(raw: string, { name, status }: { name: string; status: TransactionStatus }): Answer {
  if (name === 'CLIENT_ENCODING') {
    const bytes = Buffer.concat([parameterStatus('client_encoding', 'UTF8'), complete('SET')]);
    return { kind: 'done', bytes, status };
  }
  const standardStrings = !/(?:=|\bto\b)\s*'?(?:off|false|0|no)\b/i.test(raw);
  const told = parameterStatus('standard_conforming_strings', standardStrings ? 'on' : 'off');
  return { kind: 'done', bytes: Buffer.concat([told, complete('SET')]), status, standardStrings };
}

function rows(marker: string): Buffer {
  const table = marker.split(';').map((row) => row.split(',').map(readCell));
  const columns = (table[0] ?? []).map(({ name }) => name);
  const data = table.map((row) => dataRow(row.map(({ value }) => value)));
  return Buffer.concat([rowDescription(columns), ...data, complete(`SELECT ${table.length}`)]);
}

function readCell(cell: string): { name: string; value: string | null } {
  const equals = cell.indexOf('=');
  if (equals < 0) return { name: cell, value: null };
  return { name: cell.slice(0, equals), value: decode(cell.slice(equals + 1)) };
}

function statusAfter(words: string, status: TransactionStatus): TransactionStatus {
  if (/^(?:BEGIN|START TRANSACTION)\b/.test(words)) return 'T';
  if (/^ROLLBACK (?:WORK |TRANSACTION )?TO\b/.test(words)) return 'T';
  if (/^(?:COMMIT|END|ROLLBACK|ABORT)\b/.test(words)) return words.endsWith(' AND CHAIN') ? 'T' : 'I';
  return status;
}

/** A script that is being shrunk may hold half of an escape. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
