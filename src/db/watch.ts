import type { Client } from 'pg';
import { Ear } from './ear.js';
import type { Sight } from './look.js';

/**
 * Finds out that a connection has died without a word, as when the server's machine lost power, or a router between has forgotten the
 * connection: neither end is told, and whoever waits for an answer would wait for ever. A statement that takes hours looks the
 * same from here, and must never be ended.
 *
 * So silence alone ends nothing. When a connection that owes an answer has been silent for a while (ear.ts), its server is asked
 * over another connection what its process does (look.ts), again and again as long as the silence lasts. Only when two
 * looks in a row, and nothing heard between them, have said that the answer will never come, the socket is destroyed. Whoever waits then
 * learns that the connection was lost, as if the network had said so; what is to be done about it (retries, commits in
 * doubt) is up to them.
 *
 * What says that the answer will never come: the process is gone; it waits for the next statement; or the server answers nobody,
 * neither on a connection that is open nor on a new one. All else ends nothing: a process at work, another server in its
 * place, a refusal, somebody who may not see what the process does.
 *
 * What it does not know: connections behind a pooler, whose process ids are its own, and those of `\connect`, are not
 * looked at. The operating system's keepalive (settings/client-config.ts) is all that they have.
 *
 * It costs a timer a connection, and nothing else before the first silence.
 */
export function watchOver(client: Client, look: () => Promise<Sight>): void {
  const { silence: first, interval } = watchTimes();
  const ear = new Ear(client);
  let isLooking = false;
  let doubts = 0;
  const listen = async (): Promise<void> => {
    const silence = ear.listen();
    if (silence === undefined) doubts = 0;
    if (silence === undefined || silence.milliseconds < first || isLooking) return;
    isLooking = true;
    const sight = await look().catch(() => 'unknown' as const);
    isLooking = false;
    const reason = REASONS[sight];
    doubts = reason === undefined || ear.listen()?.number !== silence.number ? 0 : doubts + 1;
    if (doubts === LOOKS)
      client.connection.stream.destroy(Object.assign(new Error(reason), { code: 'ETIMEDOUT' }));
  };
  const timer = setInterval(() => void listen(), interval).unref();
  client.once('end', () => clearInterval(timer));
}

/** In milliseconds. */
export interface WatchTimes {
  /** Before the first look. */
  readonly silence: number;
  /** Between two times that it is listened. */
  readonly interval: number;
  /** For an answer to a look, and again for a new connection. */
  readonly answer: number;
}

/**
 * Half a minute is longer than almost any statement, so that short runs ask nothing, and short against what people wait for. A
 * server that is only slow, or a network that is down for a while, has two minutes: two looks, each over two connections. Tests wait less:
 * PQRUN_WATCHDOG=SILENCE,INTERVAL,ANSWER. It is not for users: what is lost is found, and what is slow is left alone, at
 * any setting.
 */
export function watchTimes(): WatchTimes {
  const set = process.env.PQRUN_WATCHDOG?.split(',').map(Number) ?? [];
  const [silence = 30_000, interval = 10_000, answer = 30_000] = set;
  return { silence, interval, answer };
}

const LOOKS = 2;

/** Why the answer will never come; undefined: it may. */
const REASONS: Readonly<Record<Sight, string | undefined>> = {
  works: undefined,
  unknown: undefined,
  gone: 'its process is gone, and no word of that has come',
  idle: 'the server waits for the next statement, and its answer has not come',
  unreachable: 'the server does not answer any more',
};
