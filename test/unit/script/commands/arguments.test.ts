import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCommandName } from '../../../../src/script/commands/arguments.js';
import { line, messages } from './reading.js';

function textsOf(text: string, active = true): readonly string[] {
  return line(text, active)
    .args.all()
    .map((argument) => argument.text);
}

// What is expected here is what psql 15 makes of `\echo` with these arguments.
describe('arguments', () => {
  it.each([
    ['', []],
    ['  \t\r', []],
    [' a  b\tc\vd ', ['a', 'b', 'c', 'd']],
    ["'a b' 'c''d'", ['a b', "c'd"]],
    ["''", ['']],
    ["a'b c'd", ['ab cd']],
    ['"a b" c"d e"f', ['"a b"', 'c"d e"f']],
    ['"a""b"', ['"a""b"']],
    [String.raw`'\n\t\b\r\f\101\x41\q\\\''`, ["\n\t\b\r\fAAq\\'"]],
    [String.raw`'\1012' '\x414' '\xZ'`, ['A2', 'A4', 'xZ']],
    [String.raw`a\b c`, ['a']],
    ['é 日本', ['é', '日本']],
    ['a;b; ;', ['a;b;', ';']],
    [':v', ['value']],
    [':\'q\' :"q"', ["'it''s'", '"it\'s"']],
    ['a:v:v.b', ['avaluevalue.b']],
    [":none :'none' : ::v :{?v} :{?none}", [':none', ":'none'", ':', ':value', 'TRUE', 'FALSE']],
    ['\':v\' ":v"', [':v', '":v"']],
  ])('of %j are %j', (text, expected) => {
    expect(textsOf(text)).toEqual(expected);
  });

  it('say whether they are quoted, and what only the run knows', () => {
    const [plain, quoted, value, test, unknown] = line("a 'b' :v :{?v} x:unknown").args.all();
    expect([plain, quoted, value, test, unknown].map((argument) => argument?.isQuoted)).toEqual([
      false,
      true,
      true,
      false,
      true,
    ]);
    expect(unknown).toMatchObject({ text: 'x:unknown', isUnknown: true });
    expect(value?.isUnknown).toBe(false);
  });

  it('may lose a semicolon at their end, which no quote and no variable gave', () => {
    const bare = (text: string) => line(text).args.nextBare()?.text;
    expect(['a;', 'a;;', "'a;'", "'a';", 'a;b', ';', "'';"].map(bare)).toEqual([
      'a',
      'a',
      'a;',
      'a',
      'a;b',
      undefined,
      '',
    ]);
  });

  it('end at a backslash, and two of those are passed over', () => {
    const { args, left } = line(String.raw` a \\ select`);
    expect(args.all()).toHaveLength(1);
    args.finish();
    expect(left()).toBe(' select');
    const next = line(String.raw`a\echo b`);
    next.args.all();
    next.args.finish();
    expect(next.left()).toBe(String.raw`\echo b`);
  });

  it('may be the rest of the line as it stands', () => {
    expect(line(String.raw`  'a \\ :v `).args.rest()).toBe(String.raw`'a \\ :v `);
  });
});

describe('faults in arguments', () => {
  it.each([
    ["'a b", ['a b']],
    ['"a b', ['"a b']],
  ])('%j is an unterminated string', (text, expected) => {
    const { args } = line(text);
    expect(args.all().map((argument) => argument.text)).toEqual(expected);
    expect(messages(args.faults)).toEqual(['unterminated quoted string']);
  });

  it('shell commands are never run', () => {
    const { args } = line('`rm x` a');
    expect(args.all().map(({ text }) => text)).toEqual(['', 'a']);
    expect(messages(args.faults)).toEqual(['this would run a shell command, which pqrun never does']);
    const file = line('| tee x');
    file.args.nextFile();
    expect(file.args.faults).toHaveLength(1);
    expect(file.left()).toBe('');
    expect(line('a|b').args.nextFile()?.text).toBe('a|b');
  });

  it('in a branch that is not taken are none, and nothing is replaced', () => {
    const { args } = line("`x` :v :unknown :{?v} 'a", false);
    expect(args.all().map(({ text }) => text)).toEqual(['', ':v', ':unknown', ':{?v}', 'a']);
    args.warn('nothing');
    expect(args.faults).toEqual([]);
  });
});

it('a name ends at a blank or a backslash', () => {
  const name = (text: string) =>
    readCommandName({ bytes: Buffer.from(text), position: 0, end: Buffer.byteLength(text) });
  expect(['set x', 'g\\echo', 'é\t', '', ' x', 'd+'].map(name)).toEqual(['set', 'g', 'é', '', '', 'd+']);
});

it('any text is read to its end or to a backslash', () => {
  const text = fc.string({ unit: fc.constantFrom(...Array.from(`'"\`\\:v{?} ;|é01x\t`)) });
  fc.assert(
    fc.property(text, fc.boolean(), (arbitrary, active) => {
      const { args, left } = line(arbitrary, active);
      args.all();
      expect(left()).toMatch(/^(?:\\|$)/);
    }),
    { numRuns: 1000 },
  );
});
