import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Conditions } from '../../../src/script/conditions.js';
import { brief, read, split } from './reading.js';

// What is expected here is what psql 15 sends.
describe('branches', () => {
  it.each([
    ['\\if 1\na;\n\\else\nb;\n\\endif\nc;', ['a', 'c']],
    ['\\if 0\na;\n\\else\nb;\n\\endif\nc;', ['b', 'c']],
    ['\\if 0\na;\n\\elif 1\nb;\n\\elif 1\nc;\n\\else\nd;\n\\endif', ['b']],
    ['\\if 0\na;\n\\elif 0\nb;\n\\else\nd;\n\\endif', ['d']],
    ['\\if 1\n\\if 0\na;\n\\else\nb;\n\\endif\nc;\n\\endif', ['b', 'c']],
    ['\\if 0\n\\if 1\na;\n\\else\nb;\n\\endif\nc;\n\\else\nd;\n\\endif', ['d']],
    ['\\if 1 \\\\ a; \\else \\\\ b; \\endif c;', ['a']],
    ["\\if 0\n'\n\\endif\n'; a;\n\\endif b;\n c;", ['c']],
    ['\\if 0\n/*\n\\endif\n*/\n\\endif\na;', ['a']],
  ])('%j gives %j', (script, texts) => {
    const { texts: found, faults } = read(script);
    expect([found, faults.filter(({ severity }) => severity === 'error')]).toEqual([texts, []]);
  });

  it('that are not taken are not obeyed, and their values are not asked for', () => {
    const { variables, faults, statements } = read(
      '\\if 0\n\\set a 1\n\\i nowhere.sql\n\\echo `x`\n:u;\n\\elif 0 \\set a 2\n\\endif\nb;',
    );
    expect(faults).toEqual([]);
    expect(variables.get('a')).toBeUndefined();
    expect(statements.map(({ undefinedVariables }) => undefinedVariables)).toEqual([[]]);
  });

  it('add their text to the open statement', () => {
    expect(split('select 1\n\\if 1\n, 2\n\\else\n, 3\n\\endif\n, 4;')).toEqual(['select 1\n, 2\n, 4']);
    expect(split('select 1\n\\if 0\n, 2\n\\else\n, 3\n\\endif\n, 4;')).toEqual(['select 1\n, 3\n, 4']);
    expect(split('select (1\n\\if 0\n) + (((\n\\endif\n+ 2);\nb;')).toEqual(['select (1\n+ 2)', 'b']);
  });

  it('do not end a statement of others with their semicolon', () => {
    expect(split('select 1\n\\if 0\n; x;\n\\endif\n, 4;')).toEqual(['select 1\n, 4']);
    expect(split('select 1\n\\if 1\n; x\n\\endif\n, 4;')).toEqual(['select 1\n', 'x\n, 4']);
  });

  it('belong to their file', () => {
    const { faults } = read('\\if 1\na;');
    expect(brief(faults)).toEqual(['1:1 the file ends inside this branch of an \\if']);
    expect(read('\\if 1\na;\n\\q\nb;').faults).toEqual([]);
  });
});

describe('commands out of place', () => {
  it.each([
    ['a;\n\\elif 1', '2:1 \\elif: no matching \\if'],
    ['\\else', '1:1 \\else: no matching \\if'],
    ['\\endif', '1:1 \\endif: no matching \\if'],
    ['\\if 1\n\\else\n\\elif 1\n\\endif', '3:1 \\elif: cannot occur after \\else'],
    ['\\if 0\n\\else\n\\else\n\\endif', '3:1 \\else: cannot occur after \\else'],
    ['\\if 0\n\\if 1\n\\else\n\\else\n\\endif\n\\endif', '4:1 \\else: cannot occur after \\else'],
  ])('%j is a fault', (script, fault) => {
    const { faults } = read(script);
    expect(brief(faults)).toEqual([fault]);
    expect(faults[0]?.hint).toContain('\\endif');
  });
});

describe('conditions that only the run knows', () => {
  it('make every branch be read', () => {
    const { texts, faults } = read('\\if :ROW_COUNT\na;\n\\elif :ERROR\nb;\n\\else\nc;\n\\endif\nd;');
    expect([texts, faults]).toEqual([['a', 'b', 'c', 'd'], []]);
  });

  it('make the text of an open statement uncertain', () => {
    const { statements } = read('a;\nselect\n\\if :ROW_COUNT\n1\n\\else\n2\n\\endif\n;\nb;');
    expect(statements.map(({ isUncertain }) => isUncertain)).toEqual([false, true, false]);
    expect(read('select\n\\if :ROW_COUNT\n(\n\\endif\n1;').statements[0]?.isUncertain).toBe(true);
    expect(read('\\if :ROW_COUNT\n(\n\\endif\n1;').statements[0]?.isUncertain).toBe(true);
  });

  it('stay so behind a condition that is known', () => {
    const conditions = new Conditions<number>();
    conditions.if(0, 'unknown');
    expect([conditions.isActive, conditions.isUncertain, conditions.evaluates('elif')]).toEqual([
      true,
      true,
      true,
    ]);
    conditions.elif(1, 'false');
    expect([conditions.isActive, conditions.isUncertain]).toEqual([true, true]);
    conditions.else(2);
    expect([conditions.isActive, conditions.isUncertain]).toEqual([true, true]);
    conditions.endif();
    expect([conditions.open, conditions.isUncertain]).toEqual([undefined, false]);
  });

  it('inside a branch that is not taken are not asked', () => {
    const conditions = new Conditions<number>();
    conditions.if(0, 'false');
    expect(conditions.evaluates('if')).toBe(false);
    conditions.if(1, 'unknown');
    expect([conditions.isActive, conditions.isUncertain, conditions.evaluates('elif')]).toEqual([
      false,
      false,
      false,
    ]);
  });
});

describe('the text of branches', () => {
  it('goes back to where the last taken one ended', () => {
    const conditions = new Conditions<string>();
    conditions.if('start', 'true');
    expect(conditions.elif('behind the first', 'true')).toEqual({ back: undefined });
    expect(conditions.else('behind the second')).toEqual({ back: 'behind the first' });
    expect(conditions.endif()).toEqual({ back: 'behind the first' });
  });
});

/** A block, as psql would take it: which of its statements are sent. */
type Tree =
  string | { readonly branches: readonly { readonly on: boolean; readonly body: readonly Tree[] }[] };

it('any nesting sends what the first true branch of each block holds', () => {
  const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small', maxDepth: 4 },
      fc.constantFrom('a', 'b', 'c'),
      fc.record({
        branches: fc.array(fc.record({ on: fc.boolean(), body: fc.array(tie('tree'), { maxLength: 3 }) }), {
          minLength: 1,
          maxLength: 3,
        }),
      }),
    ),
  }));
  const write = (part: Tree): string => {
    if (typeof part === 'string') return `${part};\n`;
    const branches = part.branches.map(
      ({ on, body }, index) => `\\${index === 0 ? 'if' : 'elif'} ${on}\n${body.map(write).join('')}`,
    );
    return `${branches.join('')}\\endif\n`;
  };
  const sent = (part: Tree): readonly string[] =>
    typeof part === 'string' ? [part] : (part.branches.find(({ on }) => on)?.body ?? []).flatMap(sent);
  fc.assert(
    fc.property(fc.array(tree, { maxLength: 5 }), (parts) => {
      expect(split(parts.map(write).join(''))).toEqual(parts.flatMap(sent));
    }),
  );
});
