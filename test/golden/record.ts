import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { findPsql } from '../bench/measure.js';
import { startEmbedded } from '../../src/db/embedded/server.js';
import { FILES, generateDirectory, SEED, STATEMENTS, VARIABLES } from './directory.js';
import { digest, takeSnapshot } from './snapshot.js';

/**
 * Records what psql makes of the generated directory: npx tsx test/golden/record.ts
 *
 * psql runs the files one by one, in their order, each in a session of its own. Needs psql; the tests that compare with
 * the recorded file do not.
 */
const started = await startEmbedded({ connections: 10 });
if (!started.ok) throw new Error(started.diagnostic.message);
const { host, port, user, password, database } = started.server;
const env = { ...process.env, PGHOST: host, PGPORT: String(port), PGUSER: user, PGPASSWORD: password, PGDATABASE: database };
const directory = mkdtempSync(join(tmpdir(), 'pqrun-golden-'));
try {
  const files = generateDirectory(FILES, STATEMENTS, SEED);
  const variables = Object.entries(VARIABLES).flatMap(([name, value]) => ['-v', `${name}=${value}`]);
  for (const { name, bytes } of files) {
    const path = join(directory, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
    execFileSync(findPsql(), ['-X', '-q', '-v', 'ON_ERROR_STOP=1', ...variables, '-f', path], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  }
  const client = new pg.Client({ host, port, user, password, database });
  await client.connect();
  const snapshot = await takeSnapshot(async (sql) => (await client.query<Record<string, unknown>>(sql)).rows);
  await client.end();
  const input = digest(Buffer.concat(files.map(({ bytes }) => bytes)));
  const version = execFileSync(findPsql(), ['--version']).toString().trim();
  const golden = { recordedWith: version, input, objects: digest(snapshot.objects.join('\n')), objectCount: snapshot.objects.length, rows: snapshot.rows };
  writeFileSync(join(import.meta.dirname, 'psql.json'), `${JSON.stringify(golden, undefined, 1)}\n`);
  console.log(`${files.length} files, ${snapshot.objects.length} objects, ${Object.keys(snapshot.rows).length} tables, ${version}`);
} finally {
  rmSync(directory, { recursive: true });
  await started.server.stop();
}
