import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OutputWindow, passOn } from '../../../src/db/output/output-window.js';
import { QueryFile } from '../../../src/db/output/query-file.js';
import { ResultPrinter } from '../../../src/db/output/result-printer.js';
import { ScriptFile } from '../../../src/db/output/script-file.js';
import { DEFAULT_PRINT, type PrintFormat } from '../../../src/model/print.js';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'pqrun-output-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe('the file of a query', () => {
  it('gets its name when the query is done, and replaces what was there', () => {
    const path = join(directory, 'deep/er/x.csv');
    mkdirSync(join(directory, 'deep/er'), { recursive: true });
    writeFileSync(path, 'old');
    const file = new QueryFile(path, { isArray: false });
    void file.write('a\n');
    void file.write(Buffer.from('b\n'));
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect(readFileSync(`${path}.part`, 'utf8')).toBe('a\nb\n');
    expect(file.commit()).toBeUndefined();
    expect(file.commit()).toBeUndefined();
    expect(readFileSync(path, 'utf8')).toBe('a\nb\n');
    expect(readdirSync(join(directory, 'deep/er'))).toEqual(['x.csv']);
  });

  it('is there for an empty result, and not for none', () => {
    const [empty, none] = ['empty', 'none'].map((name) => join(directory, name));
    const files = [empty, none].map((path = '') => new QueryFile(path, { isArray: false }));
    void files[0]?.write('');
    for (const file of files) expect(file.commit()).toBeUndefined();
    expect(readdirSync(directory)).toEqual(['empty']);
  });

  it('is left as it was when the query fails', () => {
    const path = join(directory, 'x');
    writeFileSync(path, 'old');
    const file = new QueryFile(path, { isArray: true });
    void file.write(',\n1');
    file.discard();
    file.discard();
    expect(readdirSync(directory)).toEqual(['x']);
    expect(readFileSync(path, 'utf8')).toBe('old');
  });

  it('is one JSON array of all parts', () => {
    const path = join(directory, 'x');
    const file = new QueryFile(path, { isArray: true });
    for (const part of ['', ',\n1', ',\n2,\n3']) void file.write(part);
    file.commit();
    expect(readFileSync(path, 'utf8')).toBe('[\n1,\n2,\n3\n]\n');
  });

  it('fails at the end where it cannot be written, and leaves nothing', () => {
    writeFileSync(join(directory, 'x'), '');
    const below = new QueryFile(join(directory, 'x/y'), { isArray: false });
    void below.write('a');
    void below.write('b');
    expect(below.commit()).toMatchObject({
      kind: 'client',
      message: expect.stringMatching(/cannot write .*x\/y: (ENOTDIR|EEXIST)/) as string,
    });
    mkdirSync(join(directory, 'taken/inside'), { recursive: true });
    const taken = new QueryFile(join(directory, 'taken'), { isArray: false });
    void taken.write('a');
    expect(taken.commit()).toMatchObject({ message: expect.stringContaining('cannot write') as string });
    expect(existsSync(join(directory, 'taken.part'))).toBe(false);
  });
});

describe('a file that a script names', () => {
  it('tells once that it cannot be written, and throws nothing meanwhile', () => {
    const file = new ScriptFile('/dev/full');
    void file.write('a');
    void file.write('b');
    expect(file.takeFailure()).toMatchObject({
      message: expect.stringContaining('cannot write /dev/full') as string,
    });
    expect(file.takeFailure()).toBeUndefined();
    expect(file.close()).toBeUndefined();
  });
});

describe('the window of a connection', () => {
  const held = Symbol('held');
  /** What a hold has come to, one turn of the event loop later. */
  const stateOf = (hold: Promise<void> | undefined): Promise<unknown> =>
    Promise.race([
      hold,
      new Promise((resolve) => {
        setTimeout(() => resolve(held), 20);
      }),
    ]);

  it('asks for a hold when too many messages are under way, until one is passed on', async () => {
    const passedOn = new Int32Array(new SharedArrayBuffer(8));
    const window = new OutputWindow(passedOn, 1);
    for (let message = 1; message < 16; message += 1) expect(window.posted()).toBeUndefined();
    const hold = window.posted();
    expect(await stateOf(hold)).toBe(held);
    passOn(passedOn, 0);
    expect(await stateOf(hold)).toBe(held);
    passOn(passedOn, 1);
    expect(await stateOf(hold)).toBeUndefined();
  });
});

describe('printing results', () => {
  function printing(format: PrintFormat): { printer: ResultPrinter; written: () => string } {
    const chunks: Buffer[] = [];
    const sink = { write: (data: string | Uint8Array) => void chunks.push(Buffer.from(data)) };
    const printer = new ResultPrinter({ ...DEFAULT_PRINT, format }, sink);
    return { printer, written: () => Buffer.concat(chunks).toString() };
  }
  const fields = [{ name: 'a', dataTypeID: 25 }];

  it.each(['csv', 'tsv', 'json', 'ndjson', 'unaligned', 'aligned', 'html'] as const)(
    'prints nothing of a small result that fails, and all of the next: %s',
    (format) => {
      const failing = printing(format);
      failing.printer.begin(fields);
      void failing.printer.row(['1']);
      failing.printer.drop();
      expect(failing.written()).toBe('');
      void failing.printer.end();
      expect(failing.written()).toBe('');
      const alone = printing(format);
      for (const { printer } of [failing, alone]) {
        printer.begin(fields);
        void printer.row(['2']);
        void printer.end();
      }
      expect(failing.written()).toBe(alone.written());
    },
  );

  it('keeps what was passed on of a big one, and drops what was not', () => {
    const { printer, written } = printing('csv');
    printer.begin(fields);
    void printer.row(['x'.repeat(70_000)]);
    void printer.row(['y']);
    printer.drop();
    expect(written()).toBe(`a\n${'x'.repeat(70_000)}\n`);
  });

  it('does not mind that the memory of COPY data is used again', () => {
    const { printer, written } = printing('csv');
    const memory = Buffer.from('1\n');
    void printer.copy(memory);
    memory.fill('?');
    void printer.end();
    expect(written()).toBe('1\n');
  });

  it('prints COPY data as strings where results are JSON', () => {
    const { printer, written } = printing('ndjson');
    void printer.copy(Buffer.from('a\t"b"\n'));
    void printer.copy(Buffer.from('\n'));
    void printer.end();
    expect(written()).toBe('"a\\t\\"b\\""\n""\n');
  });
});
