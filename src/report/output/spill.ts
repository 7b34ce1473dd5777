import { open, rm, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A file for results that must wait, when there are too many for memory. It has no name once it is open, so that nothing is
 * left behind however the process ends. It only grows, until it is closed.
 */
export class Spill {
  #file: Promise<FileHandle> | undefined;
  #end = 0;

  /** Rejects when there is no room, or no place to write to. */
  async write(data: string | Uint8Array): Promise<SpilledRange> {
    const bytes = typeof data === 'string' ? Buffer.from(data) : data;
    const range = { position: this.#end, length: bytes.length };
    this.#end += bytes.length;
    const file = await (this.#file ??= openNameless());
    for (let written = 0; written < bytes.length;) {
      const { bytesWritten } = await file.write(
        bytes,
        written,
        bytes.length - written,
        range.position + written,
      );
      written += bytesWritten;
    }
    return range;
  }

  async read({ position, length }: SpilledRange): Promise<Uint8Array> {
    const bytes = Buffer.alloc(length);
    const file = await this.#file;
    for (let read = 0; file !== undefined && read < length;) {
      const { bytesRead } = await file.read(bytes, read, length - read, position + read);
      if (bytesRead === 0) throw new Error('the file of waiting results has been cut short');
      read += bytesRead;
    }
    return bytes;
  }

  async close(): Promise<void> {
    const file = await this.#file?.catch(() => undefined);
    this.#file = undefined;
    await file?.close();
  }
}

export interface SpilledRange {
  readonly position: number;
  readonly length: number;
}

async function openNameless(): Promise<FileHandle> {
  const path = join(tmpdir(), `pqrun-${process.pid}-${performance.now().toString(36).replace('.', '')}`);
  const file = await open(path, 'wx+', 0o600);
  await rm(path);
  return file;
}
