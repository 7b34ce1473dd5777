import fc from 'fast-check';
import { expect } from 'vitest';
import { replay, type Sender, type Unset } from '../../src/db/replay.js';
import { Session } from '../../src/db/session.js';
import { test } from '../database.js';
import { settingsOf } from './settings-of.js';

/** The law: settings that go in one message are set as they would be one by one, up to the first that cannot be. */

const BEGINNING = { applicationName: 'pqrun', settings: [] };

const SETTINGS = [
  "SET work_mem = '1MB'",
  'SET work_mem = 2048 -- kilobytes',
  'SET search_path = pg_catalog, public;',
  "SELECT pg_catalog.set_config('search_path', '', false);",
  'SET standard_conforming_strings = off',
  'RESET standard_conforming_strings',
  String.raw`SET application_name = 'a\\b'`,
  String.raw`SET application_name = 'a\''`,
  "SET application_name = 'ü'",
  "SET application_name = 'it''s; one'",
  'SET client_encoding = LATIN1',
  'SET client_encoding = UTF8',
  'SET ROLE pg_monitor',
  'RESET ROLE',
  'SET ROLE nobody_there',
  'SET no_such_setting = 1',
  'SET SESSION AUTHORIZATION DEFAULT',
  'SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY',
  "SET transaction_isolation = 'serializable'",
  'SET transaction_read_only = on',
  'SET default_transaction_deferrable = on',
  'SET SET',
  'RESET ALL',
];

async function oneByOne(session: Sender, texts: readonly string[]): Promise<Unset | undefined> {
  for (const [step, text] of texts.entries()) {
    const { failure } = await session.send(text);
    if (failure !== undefined) return { failure, step };
  }
  return undefined;
}

/** What cannot be set, and what then is. */
async function afterwards(session: Session, set: typeof replay, texts: readonly string[]): Promise<unknown> {
  expect(await session.begin(BEGINNING)).toBeUndefined();
  const unset = await set(session, texts);
  const { results } = await session.send(
    `SELECT current_user, session_user, current_setting('application_name'),
      (SELECT string_agg(name || '=' || setting, ', ' ORDER BY name) FROM pg_settings WHERE source = 'session')`,
  );
  const failure =
    unset?.failure.kind === 'server' ? [unset.failure.code, unset.failure.message] : unset?.failure;
  const [result] = results;
  return { step: unset?.step, failure, rows: result?.kind === 'rows' ? result.rows : undefined };
}

test('settings are set again as they were set one by one', async ({ database }) => {
  const setup = { settings: settingsOf(database), serverSettings: {}, initSql: [], exitSql: [] };
  const nothing = (): void => undefined;
  const session = new Session(1, setup, {
    connected: nothing,
    opened: nothing,
    lost: nothing,
    notice: nothing,
  });
  try {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...SETTINGS), { minLength: 2, maxLength: 6 }),
        async (texts) => {
          expect(await afterwards(session, replay, texts)).toEqual(
            await afterwards(session, oneByOne, texts),
          );
        },
      ),
      { numRuns: 300 },
    );
  } finally {
    await session.close();
  }
});
