import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Statement } from '../../src/model/script.js';
import { CopyOrder } from '../../src/script/copy-order.js';
import { ContentReader } from '../../src/script/script-content.js';
import { DEFAULT_READING } from '../../src/script/read.js';
import { loadParser, type Parser } from '../../src/script/syntax.js';
import { renderTemplate } from '../../src/script/template.js';
import type { Read, Reader } from './compare.js';

/** pqrun's side of the comparison: what its reader makes of a script, without a server. */
export const readWithPqrun: Reader = async (directory, { args }) => {
  const parser = await loadParser();
  // `\i` is relative to the working directory, and so is the script's own path.
  const before = process.cwd();
  process.chdir(directory);
  try {
    return readHere(directory, args, parser);
  } finally {
    process.chdir(before);
  }
};

function readHere(directory: string, args: readonly string[], parser: Parser): Read {
  const file = { name: 'main.sql', from: { path: resolve(directory, 'main.sql') } };
  const reader = new ContentReader(
    { ...DEFAULT_READING, copyOrder: new CopyOrder(parser), file, variables: variablesOf(args) },
    parser,
  );
  while (reader.readOn()) continue;
  const { statements, needsRun, diagnostics } = reader.content();
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) {
    const messages = errors.map(
      ({ message, place }) => `${place?.file ?? ''}:${place?.line ?? 0}: ${message}`,
    );
    return { kind: 'refused', messages };
  }
  // pqrun finds that out when it runs.
  const files = statements.flatMap(({ data = [] }) => data.map(({ from }) => from));
  const missing = files.find(
    (from) => 'path' in from && statSync(from.path, { throwIfNoEntry: false })?.isFile() !== true,
  );
  if (needsRun) return { kind: 'interpreted' };
  if (missing !== undefined) return { kind: 'refused', messages: ['a file of \\copy is not there'] };
  const sent = statements.filter(({ echo }) => echo === undefined);
  return {
    kind: 'statements',
    statements: sent.map(sentText),
    copyData: sent.flatMap(dataOf),
  };
}

/** pqrun leaves out the `;` that psql sends with the statement. */
function sentText({ text, terminated }: Statement): Buffer {
  return Buffer.from(renderTemplate(text).text + (terminated ? ';' : ''));
}

/** The recorder sees no COPY behind a CREATE in one message. */
function dataOf(statement: Statement): readonly Buffer[] {
  const { data = [], text } = statement;
  if (/^create\b/i.test(renderTemplate(text).text)) return [];
  return data.map(({ from, span }) => {
    const bytes = 'bytes' in from ? Buffer.from(from.bytes) : readFileSync(from.path);
    return upToMarker(span === undefined ? bytes : bytes.subarray(span.start, span.end));
  });
}

/** psql 15 sends nothing behind a line `\\.`, in a file either; pqrun leaves the marker to the server, as psql 18 does. */
export function upToMarker(data: Buffer): Buffer {
  const marker = /(?<=^|\n)\\\.\r?(?=\n|$)/.exec(data.toString('latin1'))?.index;
  return marker === undefined ? data : data.subarray(0, marker);
}

export function variablesOf(args: readonly string[]): ReadonlyMap<string, string> {
  const given = args.filter((_, index) => args[index - 1] === '-v');
  return new Map(given.map((text) => [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)]));
}
