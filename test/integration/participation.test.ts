import { expect } from 'vitest';
import { JournalConnection } from '../../src/db/journal/journal-connection.js';
import { test, type TestDatabase } from '../database.js';
import { settingsOf } from './settings-of.js';

/** Those who work on a run leave it one by one, and the last of them says how it ended. */

async function open(database: TestDatabase, participant: number): Promise<JournalConnection> {
  const setup = { schema: 'pqrun', run: 'r', version: '0', participant };
  const connection = await JournalConnection.open(settingsOf(database), setup);
  if (!(connection instanceof JournalConnection)) throw new Error(connection.message);
  return connection;
}

async function join({ participation }: JournalConnection): Promise<unknown> {
  const entered = await participation?.enter();
  await participation?.register('here');
  await participation?.admitOthers();
  return entered;
}

test('one that leaves right behind another is the last, though the connection of the other is still there', async ({
  database,
}) => {
  const first = await open(database, 1);
  const second = await open(database, 2);
  try {
    expect(await join(first)).toEqual({ others: 0 });
    expect(await join(second)).toEqual({ others: 1 });
    expect(await first.participation?.leave()).toBe(false);
    expect(await second.participation?.leave()).toBe(true);
    expect(await database.query('SELECT FROM pqrun.participant')).toEqual([]);
  } finally {
    await first.close();
    await second.close();
  }
});
