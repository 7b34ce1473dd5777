import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateScript } from '../oracle/generate.js';
import { runPsql } from '../oracle/psql.js';
import { Random } from '../oracle/random.js';
import { startRecorder } from '../oracle/recorder.js';

/**
 * Records what psql sends for the first scripts that the oracle makes up: npx tsx test/golden/record-scripts.ts
 *
 * The scripts are recorded too, so that the generator may change without making the recording worthless.
 */
const SCRIPTS = 300;

const recorder = await startRecorder();
const recorded: unknown[] = [];
for (let seed = 1; seed <= SCRIPTS; seed++) {
  const script = generateScript(new Random(seed));
  const { status, serverFailed, statements, copyData, stderr } = await runPsql(script, recorder);
  const files = Object.fromEntries(Object.entries(script.files).map(([name, bytes]) => [name, textOf(bytes)]));
  recorded.push({
    seed,
    files,
    args: script.args,
    told: { status, serverFailed, statements: statements.map(textOf), copyData: copyData.map(textOf), stderr },
  });
}
await recorder.close();
writeFileSync(join(import.meta.dirname, 'scripts.json'), `${JSON.stringify(recorded, undefined, 1)}\n`);

/** Bytes as characters, so that nothing is lost. */
function textOf(bytes: Buffer): string {
  return bytes.toString('latin1');
}
