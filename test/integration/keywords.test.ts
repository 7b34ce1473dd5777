import { expect } from 'vitest';
import { KEYWORDS } from '../../src/script/keywords.js';
import { test } from '../database.js';

test('the keywords are those of PostgreSQL 18, and none that a server has is missing', async ({
  database,
}) => {
  const rows = await database.query('SELECT word FROM pg_get_keywords() ORDER BY word COLLATE "C"');
  const words = rows.map(({ word }) => word as string);
  expect(words.filter((word) => !KEYWORDS.has(word))).toEqual([]);
  const [version] = await database.query(
    `SELECT current_setting('server_version_num')::int / 10000 AS major`,
  );
  if (version?.major === 18) expect(words).toEqual([...KEYWORDS].toSorted());
});
