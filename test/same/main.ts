import { parseArgs } from 'node:util';
import { judge, MODES, repaired, stillDiffers, type Judging, type Verdict } from './judge.js';
import { makeProgram } from './make-program.js';
import type { Order } from './plan-files.js';
import { countEntries, programText } from './program.js';
import { Scratch } from './scratch.js';
import { openServer } from './same-server.js';
import { shrink } from './shrink.js';
import { Totals } from './totals.js';

/**
 * Proves that a run whose statements overlap gives the database that the statements give one by one, on as many made-up
 * programs as you like:
 *
 *     npm run same -- --count 300 --seed 1
 *
 * Each difference is shrunk and printed as a program. `--seed S --program N` makes program N of seed S again. `--mode` says
 * how each is built (judge.ts); `--show` prints programs; `--embedded` takes the embedded server, `--server URL` any.
 */
const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '300' },
    seed: { type: 'string', default: '1' },
    program: { type: 'string' },
    order: { type: 'string', default: 'auto' },
    mode: { type: 'string', default: 'walk,wide' },
    walks: { type: 'string', default: '4' },
    jobs: { type: 'string', default: '8' },
    workers: { type: 'string', default: '2' },
    most: { type: 'string', default: '10' },
    show: { type: 'boolean', default: false },
    embedded: { type: 'boolean', default: false },
    server: { type: 'string' },
  },
});

const modes = MODES.filter((mode) => values.mode.split(',').includes(mode));
const totals = new Totals();
const server = await openServer(values);
const scratch = new Scratch(server.access, `same_${process.pid}`);
let differences = 0;
try {
  await scratch.begin();
  await (values.program === undefined ? all(Number(values.count)) : one(Number(values.program)));
} finally {
  await scratch.end();
  await server.stop();
}
console.log(totals.toString());
process.exitCode = differences === 0 ? 0 : 1;

async function all(count: number): Promise<void> {
  let next = 1;
  const work = async (): Promise<void> => {
    while (next <= count && differences < Number(values.most)) await one(next++);
  };
  await Promise.all(Array.from({ length: Number(values.workers) }, work));
}

async function one(number: number): Promise<void> {
  const seed = Number(values.seed) * 1_000_003 + number;
  const began = performance.now();
  const made = await makeProgram(scratch, seed);
  // What hung on a savepoint of the trial may fail without it.
  const program = (await repaired(scratch, made.program)) ?? { files: [] };
  if (values.show) console.log(`\n=== program ${number}\n${programText(program)}`);
  const judging: Judging = {
    // The options are read by settleOptions, which takes what it knows.
    order: values.order as Order,
    modes,
    walks: Number(values.walks),
    jobs: Number(values.jobs),
    seed,
  };
  const made_ = performance.now();
  const verdict = await judge(scratch, program, judging);
  totals.add({ made, verdict, makingTime: made_ - began, judgingTime: performance.now() - made_ });
  if (verdict.kind === 'same') return;
  if (verdict.kind !== 'different') {
    console.log(`program ${number} is ${verdict.kind}: ${verdict.detail}`);
    return;
  }
  differences++;
  await report(number, { verdict, judging, made });
}

async function report(
  number: number,
  {
    verdict,
    judging,
    made,
  }: {
    verdict: Verdict & { kind: 'different' };
    judging: Judging;
    made: Awaited<ReturnType<typeof makeProgram>>;
  },
): Promise<void> {
  // Differences that depend on times are tried for more than once.
  const attempts = verdict.mode === 'walk' ? 1 : 3;
  const narrowed = { ...judging, modes: [verdict.mode], walks: Math.max(8, judging.walks) };
  const small = await shrink(made.program, (candidate) =>
    stillDiffers(scratch, candidate, { judging: narrowed, attempts }),
  );
  const last = await judge(scratch, small, narrowed);
  console.log(
    `\n=== --seed ${values.seed} --program ${number} differs (${verdict.mode}: ${verdict.how}); ${countEntries(made.program)} statements, ${countEntries(small)} when shrunk`,
  );
  console.log(`  ${last.kind === 'different' ? last.detail : verdict.detail}\n`);
  console.log(programText(small));
}
