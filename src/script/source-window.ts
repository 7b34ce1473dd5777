import type { ScriptBytes } from './script-bytes.js';

/**
 * A stretch of a script that moves forward through it: the bytes `[start, end)` of the script stand in `bytes`, from
 * index 0 on. What is behind `start` is forgotten, so that memory does not grow with the script.
 *
 * Moving makes a new buffer as long as somebody may still hold lines of the old one; `skip` reads into one buffer again
 * and again.
 */
export class SourceWindow {
  readonly #source: ScriptBytes;
  #bytes: Buffer = Buffer.alloc(0);
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
    const next = Buffer.allocUnsafe(Math.max(WINDOW, 2 * kept.length));
    kept.copy(next);
    const read = this.#source.read(next.subarray(kept.length), from + kept.length);
    this.#start = from;
    this.#bytes = next.subarray(0, kept.length + read);
    this.#atEnd = read === 0;
    return read > 0;
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

/** Bytes of a script in memory at a time, at least: a line is there as a whole. */
const WINDOW = 256 * 1024;
const SKIPPED = 1024 * 1024;
