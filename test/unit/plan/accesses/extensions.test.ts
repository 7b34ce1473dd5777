import { expect, it } from 'vitest';
import { planned } from './planned.js';

it.each([
  ['one that every new database has', 'CREATE EXTENSION IF NOT EXISTS plpgsql WITH SCHEMA pg_catalog;', 0],
  ['one that fails, because it is there', 'CREATE EXTENSION plpgsql;', 1],
  ['one that runs its own script', 'CREATE EXTENSION IF NOT EXISTS hstore;', 1],
  ['one that may have gone', 'DROP EXTENSION plpgsql; CREATE EXTENSION IF NOT EXISTS plpgsql;', 1],
])('extensions that run alone: %s', async (_, text, alone) => {
  const { jobs } = await planned(`CREATE TABLE a (n int);\n${text}\nCREATE TABLE b (n int);`);
  expect(jobs.filter((job) => job.alone?.isOpaque === true)).toHaveLength(alone);
});
