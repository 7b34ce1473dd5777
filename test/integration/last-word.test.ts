import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { describe, expect } from 'vitest';
import { openClient } from '../../src/db/open.js';
import { UNHEARD } from '../../src/db/pipeline-query.js';
import type { SessionSetup } from '../../src/db/session-parts.js';
import { Session } from '../../src/db/session.js';
import { test, type TestDatabase } from '../database.js';
import { settingsOf } from './settings-of.js';

/** A server that ends a session says so, and has done nothing of what was sent behind its word: nothing of it is in doubt. */

const BEGINNING = { applicationName: 'pqrun', settings: [] };
const INSERTS = [1, 2, 3].map((n) => ({
  text: `INSERT INTO t VALUES (${n});`,
  hasRows: false,
  isAlone: true,
}));

interface Opened {
  readonly session: Session;
  readonly lost: readonly string[];
}

async function withSession(
  database: TestDatabase,
  use: (opened: Opened) => Promise<void>,
  settings = settingsOf(database),
): Promise<void> {
  await database.query('CREATE TABLE t (n int)');
  const setup: SessionSetup = { settings, serverSettings: {}, initSql: [], exitSql: [] };
  const lost: string[] = [];
  const session = new Session(1, setup, {
    connected: () => undefined,
    opened: () => undefined,
    lost: (_connection, message) => void lost.push(message),
    notice: () => undefined,
  });
  await use({ session, lost }).finally(() => session.close());
}

/** A way to the server on which `passOn` decides what its client is told, and when. Gives the port. */
async function relayed(
  { env }: TestDatabase,
  passOn: (near: Socket, far: Socket) => void,
  use: (port: number) => Promise<void>,
): Promise<void> {
  const relay = createServer((near) => {
    const far = connect(Number(env.PGPORT), env.PGHOST, () => near.pipe(far));
    near.on('error', () => far.destroy());
    passOn(near, far);
  });
  await once(relay.listen(0, '127.0.0.1'), 'listening');
  // A server that listens on TCP has such an address.
  await use((relay.address() as AddressInfo).port).finally(() => relay.close());
}

/** While it is done, nothing is read here: the server's word waits in the connection for whatever is sent next. */
function terminateUnheard({ env }: TestDatabase, backend: number): void {
  const path = { PATH: process.env.PATH };
  execFileSync('psql', ['-Xqc', `SELECT pg_terminate_backend(${backend}, 5000)`], {
    env: { ...env, ...path },
  });
}

const TERMINATED = {
  kind: 'connection',
  phase: 'lost',
  code: '57P01',
  message: 'the server ended the connection: terminating connection due to administrator command',
};

describe('the last word of a server', () => {
  test('is that of a job whose session was told something in front of it', ({ database }) =>
    withSession(database, async ({ session, lost }) => {
      expect((await session.beginShared(BEGINNING, 'batch')).failure).toBeUndefined();
      expect((await session.sendAll(INSERTS, UNHEARD)).map(({ failure }) => failure)).toEqual(
        INSERTS.map(() => undefined),
      );
      // Held back, to be sent together with the statements.
      expect(await session.beginShared(BEGINNING, 'batch')).toEqual({ isNew: false, failure: undefined });
      terminateUnheard(database, session.backend);
      const [answer] = await session.sendAll(INSERTS, UNHEARD);
      expect(answer?.failure).toEqual(TERMINATED);
      expect(lost).toEqual(['terminating connection due to administrator command']);
      expect(await database.query('SELECT count(*)::int AS n FROM t')).toEqual([{ n: INSERTS.length }]);
    }));

  test('is that of statements with parameters, too', ({ database }) =>
    withSession(database, async ({ session }) => {
      await session.beginShared(BEGINNING, 'batch');
      expect(await session.beginShared(BEGINNING, 'batch')).toEqual({ isNew: false, failure: undefined });
      terminateUnheard(database, session.backend);
      const bound = [1, 2].map((n) => ({ text: 'INSERT INTO t VALUES ($1)', parameters: [String(n)] }));
      const answers = await session.sendBound(bound, UNHEARD);
      expect(answers.map(({ failure }) => failure)).toEqual([TERMINATED, TERMINATED]);
    }));

  test('ends the session at once: nothing is sent behind it', ({ database }) => {
    // The end of the connection comes long after the word, as from a busy machine.
    const endLate = (near: Socket, far: Socket): void => {
      far
        .on('data', (chunk: Buffer) => near.write(chunk))
        .on('end', () => setTimeout(() => near.end(), 1000));
    };
    const ends = async ({ session }: Opened): Promise<void> => {
      await session.beginShared(BEGINNING, 'batch');
      const running = session.send('SELECT pg_sleep(60)');
      const { backend } = session;
      await database.query('SELECT pg_terminate_backend($1)', [backend]);
      expect((await running).failure).toEqual(TERMINATED);
      expect(session.backend).toBe(0);
      const [answer] = await session.sendAll(INSERTS, UNHEARD);
      expect(answer?.failure).toEqual({
        kind: 'connection',
        phase: 'lost',
        message: 'the connection to the server was lost',
      });
      expect((await session.beginShared(BEGINNING, 'batch')).isNew).toBe(true);
      expect(session.backend).not.toBe(backend);
    };
    return relayed(database, endLate, (port) => withSession(database, ends, settingsOf(database, port)));
  });

  test('is told of a session that ends as it begins', ({ database }) => {
    // The greeting is held back until the session has been ended: both come in one piece.
    const holdGreeting = (near: Socket, far: Socket): void => {
      const held: Buffer[] = [];
      far.on('data', (chunk: Buffer) => {
        const key = chunk.indexOf(BACKEND_KEY);
        if (key >= 0) void database.query('SELECT pg_terminate_backend($1)', [chunk.readInt32BE(key + 5)]);
        if (key >= 0 || held.length > 0) held.push(chunk);
        else near.write(chunk);
      });
      far.on('end', () => near.end(Buffer.concat(held)));
    };
    return relayed(database, holdGreeting, async (port) => {
      const options = { applicationName: 'pqrun', serverSettings: {} };
      expect(await openClient(settingsOf(database, port), options)).toMatchObject({
        ok: false,
        failure: {
          message: `the server at 127.0.0.1:${port} refused the connection: terminating connection due to administrator command`,
          hint: 'try again: the server was going down, or an administrator ended the session',
          code: '57P01',
        },
      });
    });
  });
});

/** The message that tells the process's number, behind its type and length. */
const BACKEND_KEY = Buffer.from('K\0\0\0', 'latin1');
