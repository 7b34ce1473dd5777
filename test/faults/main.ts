import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startDebianServer } from '../debian-server.js';
import { hurt } from './campaign.js';
import { mulberry32 } from '../../src/run/shuffle.js';

/** npm run test:faults -- --faults 1000 --seed 7: runs that are hurt, until there were so many faults. */

const { values } = parseArgs({
  options: {
    faults: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    jobs: { type: 'string', default: '400' },
    every: { type: 'string', default: '700' },
  },
});
const random = mulberry32(Number(values.seed));
const directory = mkdtempSync(join(tmpdir(), 'pqrun-faults-'));
const server = await startDebianServer('primary', { synchronous_commit: 'on' });
const totals: Record<string, number> = {};
let [rounds, starts, wrongs] = [0, 0, 0];
const sum = (): number => Object.values(totals).reduce((total, count) => total + count, 0);
try {
  while (sum() < Number(values.faults)) {
    rounds += 1;
    // Every fifth run has no journal.
    const journal = rounds % 5 !== 0;
    const report = await hurt({
      server,
      directory,
      random,
      journal,
      jobs: Number(values.jobs),
      every: Number(values.every),
    });
    for (const [kind, count] of Object.entries(report.faults)) totals[kind] = (totals[kind] ?? 0) + count;
    starts += report.starts;
    wrongs += report.wrong.length;
    const name = journal ? 'with a journal' : 'without';
    console.log(
      `run ${rounds} ${name}: ${report.starts} starts, ${sum()} faults so far${report.wrong.map((line) => `\n  ${line}`).join('')}`,
    );
  }
  console.log(`${rounds} runs, ${starts} starts, ${sum()} faults, ${wrongs} wrong`);
  console.log(
    Object.entries(totals)
      .map(([kind, count]) => `${kind} ${count}`)
      .join(', '),
  );
} finally {
  await server.stop();
  rmSync(directory, { recursive: true, force: true });
}
// Connections to servers that were killed may never end.
process.exit(wrongs === 0 ? 0 : 1);
