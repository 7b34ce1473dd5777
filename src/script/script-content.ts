import { DirectiveReader } from './directives.js';
import { checkEncoding } from './encoding.js';
import { isCopyFromStdin, standardStringsAfter, statementFacts } from './facts.js';
import { Faults } from './faults.js';
import { ScriptReader, type ReadStatement } from './reader.js';
import { COPY_WITH_OTHERS, splitFaults, syntaxFault } from './statement-faults.js';
import type { Parser } from './syntax.js';
import { renderTemplate } from './template.js';
import { isCopyFromStdinByWords, wordFacts } from './word-facts.js';
import type { Diagnostic } from '../model/diagnostic.js';
import type { Span } from '../model/place.js';
import type { SlotValues } from '../model/job.js';
import type { InlineData, ScriptMode, Statement } from '../model/script.js';
import type { PassedLines } from './source-lines.js';

export interface ScriptText {
  readonly name: string;
  readonly bytes: Buffer;
  /** Where the bytes were read from, when it is a file. */
  readonly path?: string;
  readonly variables: ReadonlyMap<string, string>;
  readonly syntaxCheck: boolean;
}

export interface ScriptContent {
  readonly statements: readonly Statement[];
  readonly mode: ScriptMode;
  /** In the order of the script. When there is an error among them, statements are missing. */
  readonly diagnostics: readonly Diagnostic[];
}

/** The statements of one script: read as psql reads them, then parsed one by one. */
export function readContent(script: ScriptText, parser: Parser): ScriptContent {
  const faults = new Faults(script.name, script.bytes);
  const directives = new DirectiveReader({ file: script.name, variables: script.variables, faults });
  const data: Span[] = [];
  const statements = readStatements({ script, parser, faults, directives, data });
  const encoding = checkEncoding(script.bytes, data);
  if (encoding === undefined) return { statements, mode: directives.mode, diagnostics: faults.list() };
  // Whatever else seems wrong may only seem so.
  const fault = new Faults(script.name, script.bytes);
  fault.add(encoding.at, encoding);
  return { statements: [], mode: directives.mode, diagnostics: fault.list() };
}

interface Parts {
  readonly script: ScriptText;
  readonly parser: Parser;
  readonly faults: Faults;
  readonly directives: DirectiveReader;
  /** Where data of COPY stand, as they are found. */
  readonly data: Span[];
}

function readStatements(parts: Parts): readonly Statement[] {
  const { bytes, variables, name: file } = parts.script;
  const reader = new ScriptReader({ bytes, variables, directives: parts.directives, faults: parts.faults });
  const statements: Statement[] = [];
  for (let read = reader.next(); read !== undefined; read = reader.next()) {
    const examined = examine(read, reader, parts);
    if (examined === undefined) continue;
    const { text, span, directives, at } = read;
    statements.push({
      index: statements.length,
      place: { file, ...at },
      span,
      text,
      directives,
      ...examined,
    });
  }
  return statements;
}

/** What slots hold while a statement is only looked at. */
const SAMPLE_VALUES: SlotValues = { rows: '1', lo: '1', hi: '1', job: '0', jobs: '1' };

/** The statement's facts and data; undefined when it is not to be sent, because it is empty or at fault. */
function examine(
  read: ReadStatement,
  reader: ScriptReader,
  parts: Parts,
): Pick<Statement, 'facts' | 'data'> | undefined {
  const { faults, parser, script } = parts;
  const rendered = renderTemplate(read.text, SAMPLE_VALUES);
  const parsed = parser.parse(rendered.text);
  const nodes = parsed.kind === 'parsed' ? parsed.nodes : undefined;
  if (nodes?.length === 0) return undefined;

  const hasData = nodes?.some(isCopyFromStdin) ?? isCopyFromStdinByWords(rendered.text);
  const data = hasData ? inlineData(reader.takeCopyData(), script) : undefined;
  if (data !== undefined) parts.data.push(data.span);
  // The parser knows strings only as they are with standard_conforming_strings on.
  if (parsed.kind === 'wrong' && script.syntaxCheck && reader.standardStrings) {
    faults.add(rendered.locate(parsed.position), syntaxFault(parsed.message, read.undefinedVariables));
    return undefined;
  }
  if (hasData && nodes !== undefined && nodes.length > 1) faults.add(read.at, COPY_WITH_OTHERS);
  const { split } = read.directives;
  if (split !== undefined) for (const fault of splitFaults(read.text, nodes)) faults.add(split.place, fault);
  for (const node of nodes ?? [])
    reader.standardStrings = standardStringsAfter(node) ?? reader.standardStrings;
  const facts = nodes === undefined ? wordFacts(rendered.text) : statementFacts(nodes, rendered.text);
  return data === undefined ? { facts } : { facts, data };
}

/** Data of a file are left there, as a range of its bytes. */
function inlineData({ line, ...span }: PassedLines, { bytes, path }: ScriptText): InlineData {
  // A copy of its own: the rest of the script's bytes need not be kept for it.
  const from =
    path === undefined ? { bytes: Uint8Array.from(bytes.subarray(span.start, span.end)) } : { path };
  return { from, span, line };
}
