import { createServer, type AddressInfo, type Socket } from 'node:net';
import { answer } from './answers.js';
import {
  authenticationOk,
  backendKey,
  copyIn,
  emptyQuery,
  error,
  Framing,
  type FrontendMessage,
  noData,
  parameterDescription,
  parameterStatus,
  parseComplete,
  ready,
  type TransactionStatus,
} from './backend-messages.js';
import { type Part, splitParts } from './sql-words.js';

/**
 * A server that writes down what psql sends. It speaks as much of PostgreSQL's protocol as psql needs to go on to the end
 * of a script, and runs nothing.
 *
 * This is an instrument to record psql with; it is no mock of a database for the tests of pqrun, which use a real one.
 * Each psql names its recording by its application_name; all its connections are recorded into one.
 */
export interface Recorder {
  readonly port: number;
  /** What was recorded under a name since it was last taken. */
  readonly take: (name: string) => Recording;
  readonly close: () => Promise<void>;
}

export interface Recording {
  /** The text of each Query message, and of each Parse (by which \gdesc asks), as the bytes were. */
  readonly statements: Buffer[];
  /** The data of each COPY … FROM STDIN. */
  readonly copyData: Buffer[];
  /** True when a statement was answered with an error. */
  failed: boolean;
}

export async function startRecorder(): Promise<Recorder> {
  const recordings = new Map<string, Recording>();
  const server = createServer((socket) => new Backend(socket, recordings));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  // A listening TCP server has an address of this form.
  const { port } = server.address() as AddressInfo;
  return {
    port,
    take: (name) => {
      const recording = recordings.get(name) ?? newRecording();
      recordings.delete(name);
      return recording;
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function newRecording(): Recording {
  return { statements: [], copyData: [], failed: false };
}

/** One connection. */
class Backend {
  readonly #framing = new Framing();
  #recording = newRecording();
  #status: TransactionStatus = 'I';
  #standardStrings = true;
  /** What is left of the Query that is being answered. */
  #parts: readonly Part[] = [];
  /** While data are copied in: the data, and what to answer at their end. */
  #copy: { chunks: Buffer[]; done: Buffer } | undefined;

  constructor(
    private readonly socket: Socket,
    private readonly recordings: Map<string, Recording>,
  ) {
    socket.setNoDelay(true);
    // A psql that was killed resets its connection, which is nothing to tell.
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk: Buffer) => {
      this.#framing.push(chunk);
      for (let next = this.#framing.next(); next; next = this.#framing.next()) this.#receive(next);
    });
  }

  #receive({ type, body }: FrontendMessage): void {
    switch (type) {
      case '':
        this.#begin(body);
        break;
      case 'Q':
        this.#query(withoutEnd(body));
        break;
      case 'P':
        // The name of the prepared statement, which psql leaves empty, ends with the first zero.
        this.#parse(body.subarray(body.indexOf(0) + 1));
        break;
      case 'D':
        this.#send(parameterDescription, noData);
        break;
      case 'S':
        this.#send(ready(this.#status));
        break;
      case 'X':
        this.socket.end();
        break;
      default:
        this.#receiveCopy(type, body);
    }
  }

  #receiveCopy(type: string, body: Buffer): void {
    switch (type) {
      case 'd':
        this.#copy?.chunks.push(Buffer.from(body));
        break;
      case 'c':
        this.#endCopy(this.#copy?.done);
        break;
      case 'f':
        this.#fail();
        this.#endCopy(error('57014', 'COPY from stdin failed'));
        break;
      default:
        throw new Error(`psql sent a message of type ${type}, which the recorder does not know`);
    }
  }

  /** The startup packet, or a question for encryption, which is answered with no. */
  #begin(body: Buffer): void {
    const code = body.readInt32BE(0);
    if (code !== PROTOCOL) {
      this.#send(Buffer.from('N'));
      return;
    }
    this.#framing.start();
    const words = body.toString('utf8', 4).split('\0');
    const name = words[words.indexOf('application_name') + 1] ?? '';
    this.#recording = this.recordings.get(name) ?? this.#recording;
    this.recordings.set(name, this.#recording);
    this.#send(authenticationOk, ...PARAMETERS, backendKey, ready('I'));
  }

  #query(text: Buffer): void {
    this.#recording.statements.push(text);
    this.#parts = splitParts(text.toString(), this.#standardStrings);
    if (this.#parts.length === 0) this.#send(emptyQuery);
    this.#goOn();
  }

  /** Answers the statements of the Query up to the next COPY, or all. */
  #goOn(): void {
    for (let part = this.#parts[0]; part; part = this.#parts[0]) {
      this.#parts = this.#parts.slice(1);
      const { kind, bytes, status, standardStrings } = answer(part, this.#status);
      this.#status = status;
      this.#standardStrings = standardStrings ?? this.#standardStrings;
      if (kind === 'copy') {
        this.#copy = { chunks: [], done: bytes };
        this.#send(copyIn);
        return;
      }
      this.#send(bytes);
      if (kind === 'failed') this.#fail();
    }
    this.#send(ready(this.#status));
  }

  #fail(): void {
    this.#recording.failed = true;
    this.#parts = [];
  }

  #endCopy(answered: Buffer | undefined): void {
    if (this.#copy === undefined || answered === undefined) return;
    this.#recording.copyData.push(Buffer.concat(this.#copy.chunks));
    this.#copy = undefined;
    this.#send(answered);
    this.#goOn();
  }

  #parse(body: Buffer): void {
    this.#recording.statements.push(Buffer.from(body.subarray(0, body.indexOf(0))));
    this.#send(parseComplete);
  }

  #send(...messages: readonly Buffer[]): void {
    this.socket.write(Buffer.concat(messages));
  }
}

/** A copy, because the buffer of a connection is used again. */
function withoutEnd(body: Buffer): Buffer {
  return Buffer.from(body.subarray(0, -1));
}

/** Version 3.0; other numbers ask for TLS, GSS encryption or a cancellation. */
const PROTOCOL = 196_608;

const PARAMETERS = Object.entries({
  server_version: '15.18',
  server_encoding: 'UTF8',
  client_encoding: 'UTF8',
  standard_conforming_strings: 'on',
  integer_datetimes: 'on',
  DateStyle: 'ISO, MDY',
  TimeZone: 'UTC',
  is_superuser: 'on',
  session_authorization: 'postgres',
}).map(([name, value]) => parameterStatus(name, value));
