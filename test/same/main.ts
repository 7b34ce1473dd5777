import { readFileSync, statSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { MODES, type Judging } from './judge.js';
import { mutantsNamed } from './mutants.js';
import { proveMutants } from './notice.js';
import type { Order } from './plan-files.js';
import { parseProgram } from './program.js';
import { judgeFile, judgeProgram, judgeScripts, type Found, type Proof } from './proof.js';
import { proveSuite } from './prove-suite.js';
import { openServer } from './same-server.js';
import { Scratch } from './scratch.js';
import { Totals } from './totals.js';

/**
 * Proves that a run whose statements overlap gives the database that the statements give one by one, on as many made-up
 * programs as you like:
 *
 *     npm run same -- --count 300 --seed 1
 *
 * Each difference is shrunk and printed as a program; one that gives no verdict (it fails as it is written, or does not give the
 * same twice) is no proof, either. Long runs say every minute how far they are; `--from N` goes on with program N, up to the same
 * `--count`. `--seed S --program N` makes program N of seed S again, `--show` prints
 * what is made, and paths of files take the place of made-up programs. `--mode` says how each is built (judge.ts); `run`
 * takes the built package (`npm run build`). `--mutants` switches rules off one by one and says after how many programs each
 * was noticed (notice.ts); `--mutant NAME` those whose names hold NAME. `--suite DIR` judges the scripts of a regression suite of
 * PostgreSQL (suite.ts), of which names may follow. `--embedded` takes the embedded server, `--server URL` any.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    count: { type: 'string', default: '300' },
    seed: { type: 'string', default: '1' },
    from: { type: 'string', default: '1' },
    program: { type: 'string' },
    order: { type: 'string', default: 'auto' },
    mode: { type: 'string', default: 'walk,wide' },
    walks: { type: 'string', default: '4' },
    jobs: { type: 'string', default: '8' },
    workers: { type: 'string', default: '4' },
    /** So many differences are enough. */
    most: { type: 'string', default: '10' },
    show: { type: 'boolean', default: false },
    mutants: { type: 'boolean', default: false },
    mutant: { type: 'string' },
    embedded: { type: 'boolean', default: false },
    server: { type: 'string' },
    suite: { type: 'string' },
  },
});

/** From so many programs on, a run says how far it is. */
const LONG = 1000;

const server = await openServer(values);
const scratch = new Scratch(server.access, `same_${process.pid}`);
const judging: Judging = {
  // What it knows of orders it checks itself.
  order: values.order as Order,
  modes: MODES.filter((mode) => values.mode.split(',').includes(mode)),
  walks: Number(values.walks),
  jobs: Number(values.jobs),
  seed: 1,
};
const proof: Proof = { scratch, judging, seed: Number(values.seed), show: values.show };
try {
  await scratch.begin();
  process.exitCode = (await prove()) ? 0 : 1;
} finally {
  await scratch.end();
  await server.stop();
}

async function prove(): Promise<boolean> {
  if (values.suite !== undefined)
    return proveSuite(proof, { root: values.suite, names: positionals, tell: console.log });
  if (positionals.length > 0) return proveFiles(positionals);
  if (values.mutants || values.mutant !== undefined) {
    const noticing = {
      proof,
      count: Number(values.count),
      workers: Number(values.workers),
      tell: console.log,
    };
    return proveMutants(mutantsNamed(values.mutant ?? ''), noticing);
  }
  const totals = new Totals();
  await provePrograms(totals, Number(values.most));
  console.log(totals.toString());
  return totals.sameShare === 1;
}

async function proveFiles(paths: readonly string[]): Promise<boolean> {
  let isSame = true;
  for (const path of paths) {
    const said = statSync(path).isDirectory()
      ? await judgeScripts(proof, path)
      : await judgeFile(proof, parseProgram(readFileSync(path, 'utf8')));
    console.log(`${path}: ${said}`);
    isSame &&= said === 'same';
  }
  return isSame;
}

/** Until there are so many differences. */
async function provePrograms(totals: Totals, most: number): Promise<void> {
  const single = values.program === undefined ? undefined : Number(values.program);
  const last = single ?? Number(values.count);
  let next = single ?? Number(values.from);
  const running = new Set<number>();
  let differences = 0;
  const work = async (): Promise<void> => {
    while (next <= last && differences < most) {
      const number = next++;
      running.add(number);
      const found: Found = await judgeProgram(proof, number, { totals, isQuiet: false, tell: console.log });
      running.delete(number);
      if (found === 'different') differences++;
    }
  };
  const tellProgress = (): void =>
    console.log(`${totals.progress}; all before program ${Math.min(next, ...running)}`);
  const timer = last >= LONG ? setInterval(tellProgress, 60_000) : undefined;
  try {
    await Promise.all(Array.from({ length: Number(values.workers) }, work));
  } finally {
    clearInterval(timer);
  }
}
