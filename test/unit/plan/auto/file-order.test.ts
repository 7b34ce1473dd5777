import { describe, expect, it } from 'vitest';
import { planned, waits } from '../accesses/planned.js';

/** `file order=…` says what the statements of one script are to each other, within `--order auto`. */

const BODY = `
-- pqrun: label=a
UPDATE t SET n = 1;
-- pqrun: label=b
UPDATE t SET n = 2;
-- pqrun: label=c
UPDATE u SET n = 3;
`;

const TABLES = `
-- pqrun: label=made
CREATE TABLE t (n int);
CREATE TABLE u (n int);
`;

async function waiting(order: string, scripts: readonly string[] = [BODY]): Promise<ReadonlySet<string>> {
  const plan = await planned([
    TABLES,
    `-- pqrun: file order=${order}\n${scripts[0] ?? ''}`,
    ...scripts.slice(1),
  ]);
  const names = plan.jobs.map(({ name }) => name);
  return new Set(
    names.flatMap((name) =>
      names.flatMap((other) => (waits(plan, name, other) ? [`${name} after ${other}`] : [])),
    ),
  );
}

describe('file order=', () => {
  it('auto looks at what they touch', async () => {
    const found = await waiting('auto');
    expect(found).toContain('b after a');
    expect(found).not.toContain('c after b');
  });

  it('sequential lets none overlap', async () => {
    const found = await waiting('sequential');
    expect(found).toContain('b after a');
    expect(found).toContain('c after b');
  });

  it('none lets all overlap, and others still wait for all of them', async () => {
    const later = '-- pqrun: label=d\nUPDATE t SET n = 4;\n';
    const found = await waiting('none', [BODY, later]);
    expect(found).not.toContain('b after a');
    for (const pair of ['a after made', 'b after made', 'd after a', 'd after b'])
      expect(found).toContain(pair);
    expect(found).not.toContain('d after c');
  });

  it('none lets a barrier wait for all before it, and all behind wait for the barrier', async () => {
    const barrier = "-- pqrun: label=x\nDO $$ BEGIN EXECUTE 'SELECT ' || 1; END $$;\n";
    const later = '-- pqrun: label=y\nUPDATE u SET n = 5;\n';
    const found = await waiting('none', [BODY + barrier, later]);
    for (const pair of ['x after a', 'x after b', 'x after c', 'y after x']) expect(found).toContain(pair);
    expect(found).not.toContain('b after a');
  });
});
