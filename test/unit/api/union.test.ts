import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ColumnCheck } from '../../../src/api/column-check.js';
import { rawRows } from '../../../src/api/raw-rows.js';
import { UnionWriter } from '../../../src/api/union-writer.js';
import { allot } from '../../../src/api/allotment.js';
import { ConnectError } from '../../../src/api/server.js';
import type { Job } from '../../../src/model/job.js';
import type { OutputPart } from '../../../src/model/output.js';
import { DEFAULT_PRINT } from '../../../src/model/print.js';

function job(id: number, union: number): Job {
  const target = { index: id, name: `t${id}` };
  const rest = { script: 0, steps: [], transaction: 'each', context: [], weight: 1 } as const;
  return { id, name: `job ${id}`, target, union, ...rest };
}

function begin(names: readonly string[], { isRaw = false, header = '' } = {}): OutputPart {
  const columns = names.map((name) => ({ name, dataTypeID: 25 }));
  return { to: 'results', data: header, begin: { columns, print: DEFAULT_PRINT, isRaw } };
}

function data(text: string, to: OutputPart['to'] = 'results'): OutputPart {
  return { to, data: text };
}

/** What is written of parts, each with the job it is of. */
async function written(
  parts: readonly (readonly [Job, OutputPart])[],
  isEnough?: () => void,
): Promise<string> {
  let text = '';
  const write = (part: OutputPart): undefined => void (text += String(part.data));
  const writer = new UnionWriter({ write, isEnough });
  for (const [of, part] of parts) await writer.write(part, of);
  await writer.end();
  return text;
}

describe('the results of all targets', () => {
  it('have one header a query', async () => {
    const [a, b, other] = [job(0, 0), job(1, 0), job(2, 1)];
    const header = begin(['x'], { header: 'x\n' });
    const text = await written([
      [a, header],
      [a, data('1\n')],
      [b, header],
      [b, data('2\n')],
      [other, header],
      [other, data('3\n')],
    ]);
    expect(text).toBe('x\n1\n2\nx\n3\n');
  });

  it('are one table, as wide as the widest of all', async () => {
    const [a, b] = [job(0, 0), job(1, 0)];
    const raw = begin(['x'], { isRaw: true });
    const text = await written([
      [a, raw],
      [a, data('["1"]\n["2"]\n')],
      [b, raw],
      [b, data('[null]\n["long"]\n')],
    ]);
    expect(text).toBe('  x   \n------\n 1\n 2\n \n long\n(4 rows)\n\n');
  });

  it('are a table a query', async () => {
    const raw = begin(['x'], { isRaw: true });
    const parts = [0, 1].flatMap((union) =>
      [0, 1].flatMap((target) => {
        const of = job(2 * union + target, union);
        return [[of, raw] as const, [of, data(`["${union}"]\n`)] as const];
      }),
    );
    expect(await written(parts)).toBe(' x \n---\n 0\n 0\n(2 rows)\n\n x \n---\n 1\n 1\n(2 rows)\n\n');
  });

  it('are interrupted by what scripts say', async () => {
    const a = job(0, 0);
    const raw = begin(['x'], { isRaw: true });
    const text = await written([
      [a, raw],
      [a, data('["1"]\n')],
      [a, data('hello\n', 'screen')],
    ]);
    expect(text).toBe(' x \n---\n 1\n(1 row)\n\nhello\n');
  });

  it('end with the first row, where one is enough', async () => {
    let enough = 0;
    const raw = begin(['x'], { isRaw: true });
    const text = await written(
      [
        [job(1, 0), raw],
        [job(0, 0), raw],
        [job(0, 0), data('["1"]\n["2"]\n')],
        [job(2, 0), raw],
        [job(2, 0), data('["3"]\n')],
      ],
      () => (enough += 1),
    );
    expect([text, enough]).toEqual([' x \n---\n 1\n(1 row)\n\n', 1]);
  });

  it('come as rows in lines, whatever is in them', () => {
    const cell = fc.option(fc.string({ unit: 'grapheme' }), { nil: null });
    fc.assert(
      fc.property(fc.array(fc.array(cell)), (rows) => {
        const text = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
        expect(rawRows(text)).toEqual(rows);
        expect(rawRows(Buffer.from(text))).toEqual(rows);
      }),
    );
  });
});

describe('columns', () => {
  it('that differ are a failure that names both lists, and nothing of that job is printed', () => {
    const check = new ColumnCheck();
    const [a, b] = [job(0, 0), job(1, 0)];
    expect(check.pass(a, [begin(['x', 'y']), data('1\n')])).toHaveLength(2);
    expect(check.pass(b, [data('hello', 'screen'), begin(['x']), data('2\n')])).toEqual([
      data('hello', 'screen'),
    ]);
    expect(check.pass(b, [data('3\n')])).toEqual([]);
    expect(check.failureOf(0)).toBeUndefined();
    expect(check.failureOf(1)?.message).toBe(
      'the columns differ between targets: t0 gives (x, y), t1 gives (x)',
    );
  });

  it('are compared result by result', () => {
    const check = new ColumnCheck();
    check.pass(job(0, 0), [begin(['x']), begin(['y'])]);
    check.pass(job(1, 0), [begin(['x'])]);
    expect(check.failureOf(1)).toBeUndefined();
    check.pass(job(1, 0), [begin(['z'])]);
    expect(check.failureOf(1)?.message).toContain('t1 gives (z)');
    check.pass(job(2, 1), [begin(['z'])]);
    expect(check.failureOf(2)).toBeUndefined();
  });
});

describe('connections are allotted', () => {
  it.each([
    ['as wanted', [{ free: 20, targets: 4 }], { wanted: 5, most: undefined }, [5, undefined, 0]],
    ['as there is room', [{ free: 9, targets: 4 }], { wanted: 5, most: undefined }, [2, undefined, 1]],
    ['by turns', [{ free: 3, targets: 64 }], { wanted: 1, most: undefined }, [1, 3, 1]],
    ['by turns that were asked for', [{ free: 9, targets: 64 }], { wanted: 1, most: 8 }, [1, 8, 0]],
    [
      'by the tightest server',
      [
        { free: 2, targets: 10 },
        { free: 99, targets: 1 },
      ],
      { wanted: 1, most: undefined },
      [1, 2, 1],
    ],
  ])('%s', (_, rooms, wish, expected) => {
    const { connections, maxConnections, warnings } = allot(rooms, wish);
    expect([connections, maxConnections, warnings.length]).toEqual(expected);
  });

  it('or not at all', () => {
    expect(() => allot([{ free: 0, targets: 1 }], { wanted: 1, most: undefined })).toThrow(ConnectError);
  });
});
