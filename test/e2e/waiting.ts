import pg from 'pg';
import { onTestFinished } from 'vitest';
import type { TestDatabase } from '../database.js';

/** What goes on in the database while pqrun runs: waited for, never slept through. */

/** Resolves when a statement of pqrun sleeps. */
export function untilSleeping(database: TestDatabase): Promise<void> {
  return until(database, "wait_event = 'PgSleep'");
}

/** Resolves when a statement waits for a lock. */
export function untilBlocked(database: TestDatabase): Promise<void> {
  return until(database, "wait_event_type = 'Lock'");
}

/** Resolves when a session is as the condition on pg_stat_activity says. */
export async function until(database: TestDatabase, condition: string): Promise<void> {
  for (;;) {
    const rows = await database.query(
      `SELECT FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND ${condition}`,
    );
    if (rows.length > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** A session that stays open until the test is over. */
export async function sessionOn(database: TestDatabase): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: database.url, ssl: false });
  client.on('error', () => undefined);
  await client.connect();
  onTestFinished(() => client.end());
  return client;
}
