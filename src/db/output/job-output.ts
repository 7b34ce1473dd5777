import type { OutputPart, ResultBeginning } from '../../model/output.js';
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
    const isMore = last?.to === to && last.begin === undefined;
    if (typeof data === 'string' && isMore && typeof last.data === 'string')
      this.#parts[this.#parts.length - 1] = { to, data: last.data + data };
    else this.#parts.push({ to, data });
    this.#size += data.length;
    return this.#size < MESSAGE_SIZE ? undefined : this.flush();
  }

  /** A result begins, of a run over several targets. Its header is printed once for all of them. */
  begin(beginning: ResultBeginning, header: string): void {
    this.#parts.push({ to: 'results', data: header, begin: beginning });
    this.#size += header.length;
  }

  /** A few words: nobody need wait for them. */
  print(text: string, to: OutputPart['to'] = 'screen'): void {
    void this.write(text, to);
  }

  /** Where it stands now, to come back to. */
  mark(): OutputMark {
    return { posted: this.#posted, parts: [...this.#parts], size: this.#size };
  }

  /** Forgets what was printed since; nothing of it may have been posted. */
  rewind({ posted, parts, size }: OutputMark): void {
    if (posted !== this.#posted) throw new Error('what was posted cannot be taken back');
    this.#parts = [...parts];
    this.#size = size;
  }

  /** What was not posted. */
  takeRest(): readonly OutputPart[] {
    const parts = this.#parts;
    this.#parts = [];
    this.#size = 0;
    return parts;
  }

  /** Posts what there is, however little it is. */
  flush(): Hold {
    this.#posted += 1;
    const parts = this.takeRest().map((part) => ({ ...part, data: bytesOf(part.data) }));
    return this.#post(
      parts,
      parts.map(({ data }) => data.buffer),
    );
  }
}

export interface OutputMark {
  readonly posted: number;
  readonly parts: readonly OutputPart[];
  readonly size: number;
}

const ENCODER = new TextEncoder();

/** In memory of their own: small Buffers share theirs with others, which must not be handed over. */
function bytesOf(data: string | Uint8Array): Uint8Array<ArrayBuffer> {
  return typeof data === 'string' ? ENCODER.encode(data) : new Uint8Array(data);
}

const MESSAGE_SIZE = 64 * 1024;
