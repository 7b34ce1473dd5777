import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, inject } from 'vitest';
import { FILES, generateDirectory, SEED, STATEMENTS, VARIABLES } from '../golden/directory.js';
import { digest, takeSnapshot } from '../golden/snapshot.js';
import { test } from './pqrun.js';

/** What test/golden/record.ts wrote down of psql. */
interface Golden {
  readonly input: string;
  readonly objects: string;
  readonly objectCount: number;
  readonly rows: Readonly<Record<string, string>>;
}

const golden = JSON.parse(readFileSync(join(import.meta.dirname, '../golden/psql.json'), 'utf8')) as Golden;
const files = generateDirectory(FILES, STATEMENTS, SEED);
const variables = Object.entries(VARIABLES).flatMap(([name, value]) => ['-v', `${name}=${value}`]);

test('200 files with 5,000 statements in every quoting form give the objects and rows that psql gives', async ({
  work,
  database,
}) => {
  expect(
    digest(Buffer.concat(files.map(({ bytes }) => bytes))),
    'the generator has changed: record anew',
  ).toBe(golden.input);
  work.write(Object.fromEntries(files.map(({ name, bytes }) => [`build/${name}`, bytes])));
  const { status, stderr } = await work.pqrun(['build', '-j', '2', ...variables]);
  expect(stderr).toContain(`(${STATEMENTS.toLocaleString('en-US')} statements`);
  expect(status).toBe(0);
  const snapshot = await takeSnapshot(database.query);
  expect(snapshot.rows).toEqual(golden.rows);
  expect(snapshot.objects).toHaveLength(golden.objectCount);
  // How the server writes definitions changes with its versions.
  if (inject('serverVersion') === 18) expect(digest(snapshot.objects.join('\n'))).toBe(golden.objects);
});
