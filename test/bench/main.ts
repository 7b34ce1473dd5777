import { availableParallelism, cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { startEmbedded } from '../../src/db/embedded/server.js';
import { CASES } from './cases.js';
import { tableOf, type Row } from './report.js';

/**
 * npm run bench [-- CASE… --rounds N --scale F --json | --help]
 *
 * Measures on a throw-away embedded server, in whole processes, alternating between the contenders; prints a table of
 * medians and ratios.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '5' },
    scale: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log('npm run bench [-- CASE… --rounds N --scale F --json]');
  console.log(`cases, all of them by default: ${Object.keys(CASES).join(', ')}`);
  process.exit();
}

const started = await startEmbedded({ connections: 100 });
if (!started.ok) throw new Error(started.diagnostic.message);
const { host, port, user, password, database } = started.server;
const env = { PGHOST: host, PGPORT: String(port), PGUSER: user, PGPASSWORD: password, PGDATABASE: database };
const rows: Row[] = [];
try {
  for (const [name, measure] of Object.entries(CASES)) {
    if (positionals.length > 0 && !positionals.includes(name)) continue;
    rows.push(...(await measure({ env, rounds: Number(values.rounds), scale: Number(values.scale) })));
  }
} finally {
  await started.server.stop();
}
const machine = `${availableParallelism()} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), Node ${process.version}, PostgreSQL ${started.server.version}, median of ${values.rounds}`;
console.log(values.json ? JSON.stringify({ machine, rows }, undefined, 2) : `${machine}\n\n${tableOf(rows)}`);
