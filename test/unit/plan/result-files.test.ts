import { normalize } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildPlan } from '../../../src/plan/build.js';
import { withResultFiles } from '../../../src/plan/result-files.js';
import { rows, script } from './scripts.js';

type Statements = Parameters<typeof script>[1];

/** The files of all statements, in the written order. */
function filesOf(named: readonly (readonly [name: string, statements: Statements])[]): readonly string[] {
  const scripts = named.map(([name, statements], id) => script(id, statements, { name }));
  const built = buildPlan(scripts, {
    order: 'sequential',
    connections: 2,
    singleTransaction: false,
    snapshot: false,
    splitCopy: 'never',
    autoSplit: false,
  });
  if (!built.ok) throw new Error('no plan');
  return withResultFiles(built.value.plan, 'DIR').jobs.flatMap(({ resultFiles = [] }) => resultFiles);
}

describe('files of results', () => {
  it.each([
    ['one script', ['build/report.sql'], ['DIR/report.1']],
    ['what all paths share', ['build/a/x.sql', 'build/b/x.sql'], ['DIR/a/x.1', 'DIR/b/x.1']],
    ['not a part of a name', ['build/ab.sql', 'build/ac.sql'], ['DIR/ab.1', 'DIR/ac.1']],
    ['a script beside a directory', ['x.sql', 'x/y.sql'], ['DIR/x.1', 'DIR/x/y.1']],
    ['the same script twice', ['x.sql', 'x.sql', 'x-2.sql'], ['DIR/x.1', 'DIR/x-2.1', 'DIR/x-2-2.1']],
    ['elsewhere', ['../../x.sql', '/etc/y.sql'], ['DIR/x.1', 'DIR/etc/y.1']],
    ['no scripts in files', ['-c #1', '-c #2', '<stdin>'], ['DIR/c-1.1', 'DIR/c-2.1', 'DIR/stdin.1']],
    ['a name that is an extension', ['.sql', 'x.sql'], ['DIR/.sql.1', 'DIR/x.1']],
    ['names without a name', ['..', '/'], ['DIR/script.1', 'DIR/script-2.1']],
  ])('are named after scripts: %s', (_, names, files) => {
    expect(filesOf(names.map((name) => [name, [{}]]))).toEqual(files);
  });

  it('count statements and, behind a hyphen, pieces', () => {
    expect(filesOf([['x.sql', [{}, rows(10, 2), {}]]])).toEqual([
      'DIR/x.1',
      'DIR/x.2-1',
      'DIR/x.2-2',
      'DIR/x.3',
    ]);
  });

  it('are all different, and inside of the directory, whatever the scripts are called', () => {
    const part = fc.constantFrom(
      'a',
      'a.1',
      'a.1-1',
      'a-2',
      'A',
      '..',
      '.',
      '',
      '.sql',
      'a.sql',
      'ä b',
      '<a>',
      '-c #1',
    );
    const name = fc.tuple(fc.array(part, { minLength: 1, maxLength: 3 }), fc.constantFrom('/', '\\'));
    const statements = fc.array(fc.constantFrom({}, rows(4, 2)), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(fc.array(fc.tuple(name, statements), { minLength: 1, maxLength: 5 }), (named) => {
        const files = filesOf(named.map(([[parts, separator], made]) => [parts.join(separator), made]));
        expect(new Set(files.map((file) => normalize(file))).size).toBe(files.length);
        for (const file of files) expect(normalize(file)).toMatch(/^DIR\/./);
      }),
    );
  });
});
