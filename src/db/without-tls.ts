import type { EventEmitter } from 'node:events';
import type { Client } from 'pg';

/**
 * sslmode=prefer as libpq has it: a server that answers the request for TLS with no is spoken to without, over the same
 * connection. node-postgres gives that connection up, and another costs the server one more process and us a round trip
 * more, each time.
 *
 * Call it before the client connects. Only the one byte of that answer is taken for it: whatever else came with it may be
 * somebody's in between.
 */
export function goOnWithoutTls(client: Client, onRefusal: () => void): void {
  const { connection } = client;
  // What node-postgres has, and its types do not know.
  const connecting = connection as unknown as EventEmitter & {
    connect: (port: number, host: string) => void;
    attachListeners: (stream: EventEmitter) => void;
  };
  const { stream } = connection;
  const connect = connecting.connect.bind(connection);
  connecting.connect = (port, host) => {
    connect(port, host);
    const decided = stream.rawListeners('data');
    stream.removeAllListeners('data');
    stream.once('data', (answer: Buffer) => {
      if (answer.length === 1 && answer[0] === NO) {
        onRefusal();
        // By it a request to cancel goes the same way.
        (client as Client & { ssl: unknown }).ssl = false;
        connecting.attachListeners(stream);
        connecting.emit('sslconnect');
        return;
      }
      for (const decide of decided) decide.call(stream, answer);
    });
  };
}

const NO = 'N'.charCodeAt(0);
