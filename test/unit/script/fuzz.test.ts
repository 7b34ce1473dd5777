import { expect, it } from 'vitest';
import { encodingNamed } from '../../../src/script/encodings.js';
import { renderTemplate } from '../../../src/script/template.js';
import { VariableStore } from '../../../src/script/variable-store.js';
import { ScriptWalk, type WalkItem } from '../../../src/script/walk.js';
import { Mutator } from './fuzz-mutator.js';

/*
 * Whatever bytes a script is made of, it is read to its end without an exception, in a bounded number of steps, and the
 * spans of its statements are in order and within the file.
 *
 * PQRUN_FUZZ says how many scripts are tried, PQRUN_FUZZ_SEED which is the first. What fails is named by its number.
 */
const COUNT = Number(process.env.PQRUN_FUZZ ?? 20_000);
const FIRST = Number(process.env.PQRUN_FUZZ_SEED ?? 1);
const LATIN1 = encodingNamed('LATIN1');

it(`reads ${COUNT} broken scripts to their ends`, { timeout: 60_000 + COUNT }, () => {
  for (let number = FIRST; number < FIRST + COUNT; number += 1) {
    const wrong = problemOf(number);
    if (wrong !== undefined)
      expect.fail(`script ${number}: ${wrong}: ${JSON.stringify(scriptOf(number).toString('latin1'))}`);
  }
});

function scriptOf(number: number): Buffer {
  return new Mutator(number).script();
}

function problemOf(number: number): string | undefined {
  try {
    return readThrough(new Mutator(number));
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}

function readThrough(mutator: Mutator): string | undefined {
  const bytes = mutator.script();
  const walk = new ScriptWalk({
    file: { name: 'a.sql', from: { bytes } },
    variables: new VariableStore(mutator.variables()),
    environment: { A: 'a' },
    standardStrings: mutator.below(4) > 0,
    decoder: mutator.below(4) === 0 && typeof LATIN1 !== 'string' ? LATIN1.decode : undefined,
  });
  // A statement, or a command, has a byte of its own, or of a value that a use of a variable, two bytes at least, names.
  let steps = 20 * bytes.length + 10;
  let end = 0;
  for (let item = walk.next(); item !== undefined; item = walk.next()) {
    steps -= 1;
    if (steps < 0) return 'it does not come to an end';
    if (takesData(item)) {
      const { data } = walk.takeCopyData();
      if (data.start > data.end || data.end > bytes.length) return `data ${data.start} to ${data.end}`;
    }
    if (item.kind !== 'statement') continue;
    const { span, at, isRepeated } = spanOf(item);
    if (at.line < 1 || at.column < 1) return `a place ${at.line}:${at.column}`;
    if (span.start > span.end || span.end > bytes.length)
      return `a span ${span.start} to ${span.end} of ${bytes.length}`;
    if (!isRepeated && span.start < end) return `a span that begins at ${span.start}, before ${end}`;
    end = Math.max(end, span.end);
  }
  for (const { place } of walk.diagnostics())
    if (place !== undefined && (place.line < 1 || place.column < 1))
      return `a fault at ${place.line}:${place.column}`;
  return undefined;
}

function takesData(item: WalkItem): boolean {
  if (item.kind === 'fault') return false;
  if (item.kind === 'command')
    return item.call.kind === 'copy' && item.call.copy.from && item.call.copy.file.kind === 'script';
  return /^\s*copy\b.*\bfrom\s+stdin/is.test(renderTemplate(item.statement.text).text);
}

/** What `\g` sends again has the span that it had. */
function spanOf({ statement }: Extract<WalkItem, { kind: 'statement' }>) {
  const { span, at, how, terminated, text } = statement;
  const [first] = text;
  const isRepeated = !terminated && (first?.line !== at.line || first.column !== at.column);
  return { span, at, how, isRepeated };
}
