import { resolve } from 'node:path';
import pg from 'pg';
import { globSync } from 'tinyglobby';
import { expect } from 'vitest';
import { describeDatabase } from '../../src/db/compare/describe.js';
import type { DatabaseDescription } from '../../src/db/compare/description.js';
import { compareDescriptions } from '../../src/db/compare/differences.js';
import { test } from './psql.js';

/** The sample that nobody has written for pqrun: plain scripts in their order give what psql makes of them. */

const SAMPLE = resolve(import.meta.dirname, '../../sql-samples/build-db');
const SMALL = ['-v', 'scale=0.02'];

test('build-db gives the database that psql builds, over 1, 2 and 8 connections', async ({
  work,
  database,
  psqlPlace,
}) => {
  const files = globSync('*.sql', { cwd: SAMPLE, absolute: true }).toSorted();
  expect(files).toHaveLength(67);
  const psql = await psqlPlace.psql([...SMALL, ...files.flatMap((file) => ['-f', file])]);
  expect([psql.status, psql.stdout]).toEqual([0, '']);
  const wanted = await describe(psqlPlace.database.url);
  // Eight areas with eight tables and materialized views each, and what they share.
  expect(wanted.rows.size).toBeGreaterThan(64);
  for (const jobs of [1, 2, 8]) {
    const pqrun = await work.pqrun([SAMPLE, ...SMALL, '-q', '-j', String(jobs)]);
    expect([jobs, pqrun.status, pqrun.stdout]).toEqual([jobs, 0, '']);
    expect([jobs, compareDescriptions(wanted, await describe(database.url))]).toEqual([jobs, []]);
  }
});

test('build-db overlaps its areas, and no script of it has to be run to be understood', async ({ work }) => {
  const { status, stdout } = await work.pqrun(['plan', SAMPLE, '--format', 'json', '-j', '8']);
  expect(status).toBe(0);
  expect(stdout).not.toContain('the results of its own queries');
  const plan = JSON.parse(stdout) as { readonly jobs: readonly unknown[] };
  expect(plan.jobs.length).toBeGreaterThan(300);
});

async function describe(url: string): Promise<DatabaseDescription> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await describeDatabase(client);
  } finally {
    await client.end();
  }
}
