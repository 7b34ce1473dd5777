import type { OutputPart } from '../../model/output.js';
import type { Hold } from '../result-taker.js';

/** Sends what a job has printed to the main thread. The bytes are handed over, not copied. */
export type PostOutput = (parts: readonly OutputPart[], transfer: readonly ArrayBuffer[]) => Hold;

/** Takes printed text, or bytes. */
export interface TextSink {
  write(data: string | Uint8Array): Hold;
}

/**
 * What one job prints. Most jobs print little, which goes along with the news of their end (`takeRest`); what is more is
 * posted piece by piece before.
 */
export class JobOutput implements TextSink {
  readonly #post: PostOutput;
  #parts: OutputPart[] = [];
  #size = 0;
  #posted = 0;

  constructor(post: PostOutput) {
    this.#post = post;
  }

  /** How many messages were posted. */
  get posted(): number {
    return this.#posted;
  }

  write(data: string | Uint8Array, to: OutputPart['to'] = 'results'): Hold {
    if (data.length === 0) return undefined;
    const last = this.#parts.at(-1);
    if (typeof data === 'string' && last?.to === to && typeof last.data === 'string')
      this.#parts[this.#parts.length - 1] = { to, data: last.data + data };
    else this.#parts.push({ to, data });
    this.#size += data.length;
    return this.#size < MESSAGE_SIZE ? undefined : this.#flush();
  }

  /** A few words: nobody need wait for them. */
  print(text: string, to: OutputPart['to'] = 'screen'): void {
    void this.write(text, to);
  }

  /** What was not posted. */
  takeRest(): readonly OutputPart[] {
    const parts = this.#parts;
    this.#parts = [];
    this.#size = 0;
    return parts;
  }

  #flush(): Hold {
    this.#posted += 1;
    const parts = this.takeRest().map(({ to, data }) => ({ to, data: bytesOf(data) }));
    return this.#post(
      parts,
      parts.map(({ data }) => data.buffer),
    );
  }
}

const ENCODER = new TextEncoder();

/** In memory of their own: small Buffers share theirs with others, which must not be handed over. */
function bytesOf(data: string | Uint8Array): Uint8Array<ArrayBuffer> {
  return typeof data === 'string' ? ENCODER.encode(data) : new Uint8Array(data);
}

const MESSAGE_SIZE = 64 * 1024;
