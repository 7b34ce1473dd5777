import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { FileDestination, StreamDestination } from '../../../src/cli/destination.js';

/** A stream whose reader takes what is there when told to. */
function slowStream(): { stream: Writable; read: () => void; written: () => string } {
  let written = '';
  let next: (() => void) | undefined;
  const stream = new Writable({
    decodeStrings: false,
    highWaterMark: 100,
    write: (chunk: string | Buffer, _, done) => {
      written += chunk.toString();
      next = done;
    },
  });
  return { stream, read: () => next?.(), written: () => written };
}

const turn = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

const noReader = (): never => {
  throw new Error('the reader is there');
};

describe('standard output', () => {
  it('gathers small texts, and asks to wait though each of them is small', async () => {
    const { stream, read, written } = slowStream();
    const output = new StreamDestination(stream, noReader);
    for (let index = 0; index < 30; index += 1) expect(output.write('0123456789')).toBeUndefined();
    await turn();
    expect(written()).toHaveLength(300);
    const waiting = output.write('more');
    expect(waiting).toBeInstanceOf(Promise);
    read();
    await waiting;
    await turn();
    expect(written()).toHaveLength(304);
  });

  it('is closed when all is read; an interrupted run does not wait for that', async () => {
    const { stream, read } = slowStream();
    const output = new StreamDestination(stream, noReader);
    void output.write('x');
    await output.close('interrupted');
    expect(output.isStuck).toBe(true);
    const closing = output.close('done');
    // What was written, and what both closings wrote to know when that is read.
    for (let part = 0; part < 3; part += 1) {
      read();
      await turn();
    }
    await closing;
    expect(output.isStuck).toBe(false);
  });

  it('has a reader who may go', async () => {
    let gone = 0;
    const { stream } = slowStream();
    const output = new StreamDestination(stream, () => (gone += 1));
    void output.write('x');
    stream.destroy(Object.assign(new Error('gone'), { code: 'EPIPE' }));
    await turn();
    expect(output.write('y')).toBeUndefined();
    await output.close('interrupted');
    expect(gone).toBe(1);
  });
});

describe('the file of results', () => {
  it.each([
    ['done', ['r']],
    ['failed', ['r.part']],
    ['interrupted', ['r.part']],
    [undefined, []],
  ] as const)('of a run that is %s', async (status, files) => {
    const directory = mkdtempSync(join(tmpdir(), 'pqrun-destination-'));
    try {
      const output = new FileDestination(join(directory, 'r'));
      void output.write('a');
      void output.write(Buffer.from('b'));
      await output.close(status);
      expect(readdirSync(directory)).toEqual(files);
      for (const file of files) expect(readFileSync(join(directory, file), 'utf8')).toBe('ab');
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
