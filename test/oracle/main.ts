import { parseArgs } from 'node:util';
import { loadParser } from './by-design.js';
import { compare, type Exactness, hasRoutineInBranch, type Reader, show, type Verdict } from './compare.js';
import { generateScript } from './generate.js';
import { isHarmless } from './harmless.js';
import { runPsql, runPsqlIn, type Told } from './psql.js';
import { Random } from './random.js';
import { type Recorder, startRecorder } from './recorder.js';
import { withScriptDirectory } from './script-directory.js';
import type { GeneratedScript } from './script.js';
import { shrink } from './shrink.js';
import { Statistics } from './statistics.js';

/**
 * Compares what pqrun would send for a script with what psql sends, for as many made-up scripts as you like:
 *
 *     npx tsx test/oracle/main.ts --count 10000 --seed 1
 *
 * Script number i has the seed `seed + i`; a difference names its own. `--self` compares psql with itself, to test the
 * instrument; `--loose` overlooks what means nothing (see compare.ts); `--features` prints what the scripts were like;
 * `--live` makes more scripts whose path depends on results, and runs these instead of only counting them; `--show` says
 * how many differences are shrunk and printed.
 */
const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    jobs: { type: 'string', default: '3' },
    show: { type: 'string', default: '10' },
    self: { type: 'boolean', default: false },
    loose: { type: 'boolean', default: false },
    live: { type: 'boolean', default: false },
    features: { type: 'boolean', default: false },
  },
});
await loadParser();
const recorder = await startRecorder();
const exactness: Exactness = values.loose ? 'loose' : (await sendsEmptyStatements()) ? 'parts' : 'exact';
const reader = await chooseReader();
const statistics = new Statistics();
const verdicts = new Map<string, number>();
let shown = 0;

const began = performance.now();
await runAll(Number(values.seed), Number(values.count));
const seconds = (performance.now() - began) / 1000;
await recorder.close();
if (values.features) console.log(statistics.toString());
const differences = verdicts.get('different') ?? 0;
const counts = [...verdicts].filter(([name]) => name !== 'different').toSorted(([, a], [, b]) => b - a);
console.log(
  `${values.count} scripts in ${seconds.toFixed(1)} s (${(Number(values.count) / seconds).toFixed(0)} a second): ${differences} differ; ` +
    counts.map(([name, scripts]) => `${scripts} ${name}`).join(', '),
);
process.exitCode = differences === 0 ? 0 : 1;

async function runAll(first: number, count: number): Promise<void> {
  let next = first;
  const work = async (): Promise<void> => {
    while (next < first + count) await runSeed(next++);
  };
  await Promise.all(Array.from({ length: Number(values.jobs) }, work));
}

async function runSeed(seed: number): Promise<void> {
  const script = generateScript(new Random(seed), values.live ? 'live' : 'any');
  const { told, verdict } = await judge(script);
  if (values.features) statistics.add(script, told);
  const name = verdict.kind === 'different' ? 'different' : verdict.name;
  verdicts.set(name, (verdicts.get(name) ?? 0) + 1);
  if (verdict.kind !== 'different') return;
  if (shown++ < Number(values.show)) await report(seed, { script, name: verdict.name });
  else console.log(`seed ${seed}: ${verdict.name}`);
}

async function judge(script: GeneratedScript): Promise<{ told: Told; verdict: Verdict }> {
  return withScriptDirectory(script, async (directory) => {
    const told = await runPsqlIn(directory, { script, recorder });
    const verdict = compare(told, await reader(directory, script), exactness);
    const isCounted = verdict.kind === 'different' && exactness === 'parts' && hasRoutineInBranch(script);
    return {
      told,
      verdict: isCounted ? { kind: 'counted', name: 'routine that begins in a branch' } : verdict,
    };
  });
}

/** Shrinks a script that differs, as long as it differs in the same way, and prints it. */
async function report(
  seed: number,
  { script, name }: { script: GeneratedScript; name: string },
): Promise<void> {
  const small = await shrink(script, async (candidate) => {
    if (!isHarmless(candidate)) return false;
    const { verdict } = await judge(candidate);
    return verdict.kind === 'different' && verdict.name === name;
  });
  const { told, verdict } = await judge(small);
  const detail =
    verdict.kind === 'different' ? `${verdict.name}\n${verdict.detail}` : 'does not differ any more';
  console.log(`\n=== seed ${seed}: ${detail}`);
  if (small.args.length > 0) console.log(`  arguments: ${JSON.stringify(small.args)}`);
  for (const [file, text] of Object.entries(small.files)) {
    console.log(`  --- ${file}`);
    for (const line of text.toString().split(/(?<=\n)/)) console.log(`  ${show(Buffer.from(line))}`);
  }
  console.log(`  --- psql ended with ${String(told.status)} and had sent`);
  for (const statement of told.statements) console.log(`  ${show(statement)}`);
}

/** psql from 15.20 on. */
async function sendsEmptyStatements(): Promise<boolean> {
  const script = { files: { 'main.sql': Buffer.from(';') }, args: [], features: new Set<string>() };
  const { statements } = await runPsql(script, recorder);
  return statements.length > 0;
}

async function chooseReader(): Promise<Reader> {
  if (values.self) return readWithPsql(recorder);
  if (values.live) return (await import('./live.js')).runWithPqrun(recorder);
  return (await import('./reader.js')).readWithPqrun;
}

/** psql as its own reader. */
function readWithPsql(to: Recorder): Reader {
  return async (directory, script) => {
    const told = await runPsqlIn(directory, { script, recorder: to });
    if (told.status === 0 || told.serverFailed) return { kind: 'statements', ...told };
    return { kind: 'refused', messages: [told.stderr] };
  };
}
