import type { ScriptBytes } from './script-bytes.js';

/**
 * A stretch of a script that moves forward through it: the bytes `[start, end)` of the script stand in `bytes`, from
 * index 0 on. What is behind `start` is forgotten, so that memory does not grow with the script.
 *
 * Moving makes a new buffer as long as somebody may still hold lines of the old one; `skip` reads into one buffer again
 * and again. The first buffers are small: there may be thousands of scripts of a few lines.
 */
export class SourceWindow {
  readonly #source: ScriptBytes;
  #bytes: Buffer = NOTHING;
  /** What stands unused behind `bytes` in its buffer. */
  #free: Buffer = NOTHING;
  #size = FIRST / GROWTH;
  #start = 0;
  #atEnd = false;

  constructor(source: ScriptBytes) {
    this.#source = source;
  }

  get bytes(): Buffer {
    return this.#bytes;
  }

  /** Position in the script of the first byte of the window. */
  get start(): number {
    return this.#start;
  }

  get end(): number {
    return this.#start + this.#bytes.length;
  }

  /** The window reaches to the end of the script. */
  get atEnd(): boolean {
    return this.#atEnd;
  }

  /** Moves on: the window then begins at `from` and holds more than it held behind that. False: there is no more. */
  grow(from: number): boolean {
    if (this.#atEnd) return false;
    const kept = this.#bytes.subarray(from - this.#start);
    if (this.#free.length <= kept.length) this.#renew(kept);
    const read = this.#source.read(this.#free, from + kept.length);
    const { buffer, byteOffset } = this.#free;
    this.#start = from;
    this.#bytes = Buffer.from(buffer, byteOffset - kept.length, kept.length + read);
    this.#free = this.#free.subarray(read);
    this.#atEnd = read === 0;
    return read > 0;
  }

  /** A new buffer begins with what is kept. */
  #renew(kept: Buffer): void {
    this.#size = Math.min(WINDOW, this.#size * GROWTH);
    const next = Buffer.allocUnsafe(Math.max(this.#size, 2 * kept.length + 1));
    kept.copy(next);
    this.#free = next.subarray(kept.length);
  }

  /**
   * Passes the bytes from `from` on to `look`, stretch by stretch, until it returns the position (in the script) behind
   * what it looked for, or the script ends. Each stretch begins with the `overlap` last bytes of the one before. Returns
   * that position, or the end of the script. Afterwards the window begins there, or a little before.
   */
  skip(from: number, overlap: number, look: (bytes: Buffer, start: number) => number | undefined): number {
    let bytes = this.#bytes.subarray(from - this.#start);
    let start = from;
    const buffer = Buffer.allocUnsafe(SKIPPED);
    for (;;) {
      const found = look(bytes, start);
      const end = start + bytes.length;
      if (found !== undefined || this.#atEnd) {
        const target = found ?? end;
        // A copy: the buffer must not be read into while lines of it are held.
        this.#bytes = Buffer.from(bytes.subarray(Math.min(target, end) - start));
        this.#free = NOTHING;
        this.#start = Math.min(target, end);
        return target;
      }
      const kept = Math.min(overlap, bytes.length);
      bytes.copy(buffer, 0, bytes.length - kept);
      const read = this.#source.read(buffer.subarray(kept), end);
      if (read === 0) this.#atEnd = true;
      bytes = buffer.subarray(0, kept + read);
      start = end - kept;
    }
  }
}

const NOTHING = Buffer.alloc(0);
const FIRST = 8 * 1024;
/** How many times as big the next buffer is, up to WINDOW. */
const GROWTH = 4;
/** Bytes of a script in memory at a time, at least: a line is there as a whole. */
const WINDOW = 256 * 1024;
const SKIPPED = 1024 * 1024;
