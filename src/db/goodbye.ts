import type { Client } from 'pg';

/** Says goodbye to the server, and waits for its end of the connection; not for ever: it may be gone without a word. */
export async function sayGoodbye(client: Client): Promise<void> {
  const timer = setTimeout(() => client.connection.stream.destroy(), LONGEST);
  await client.end().catch(() => undefined);
  clearTimeout(timer);
}

/** Milliseconds. An idle server process ends at once; one that does not loses nothing when its client is gone. */
const LONGEST = 5000;
