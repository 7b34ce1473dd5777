import { describe, expect, it } from 'vitest';
import { parseCommand, passArguments, type ParsedCommand } from '../../../../src/script/commands/parse.js';
import { line } from './reading.js';

function parse(text: string): ParsedCommand {
  const [, name = '', rest = ''] = /^\\(\S*)(.*)$/s.exec(text) ?? [];
  return parseCommand(name, line(rest).args);
}

function known(text: string) {
  return { text, isUnknown: false };
}

function printOption(name: string, value: string | undefined) {
  return { kind: 'print-option', name, value: value === undefined ? undefined : known(value) };
}

const print = (file: string | undefined, ...options: readonly (readonly [string, string | undefined])[]) => ({
  kind: 'send',
  how: {
    kind: 'print',
    file: file === undefined ? undefined : known(file),
    options: options.map(([name, value]) => [name, value === undefined ? undefined : known(value)]),
  },
});

describe('commands', () => {
  const cases: readonly (readonly [text: string, call: object])[] = [
    ['\\a', { kind: 'toggle-aligned' }],
    ['\\C', printOption('title', undefined)],
    ["\\C 'a b'", printOption('title', 'a b')],
    ['\\c', { kind: 'connect', words: [undefined, undefined, undefined, undefined], reuse: undefined }],
    [
      '\\connect db',
      { kind: 'connect', words: [known('db'), undefined, undefined, undefined], reuse: undefined },
    ],
    ['\\cd', { kind: 'directory', path: undefined }],
    ['\\cd /tmp;', { kind: 'directory', path: known('/tmp') }],
    [
      "\\copy t from 'f'",
      { kind: 'copy', copy: { from: true, file: { kind: 'path', path: 'f' }, sql: 'COPY  t FROM STDIN ' } },
    ],
    [
      '\\COPY t to stdout',
      { kind: 'copy', copy: { from: false, file: { kind: 'script' }, sql: 'COPY  t TO STDOUT ' } },
    ],
    ['\\echo', { kind: 'echo', to: 'stdout', text: known('\n') }],
    ['\\echo a  b :v', { kind: 'echo', to: 'stdout', text: known('a b value\n') }],
    ['\\echo -n a -n', { kind: 'echo', to: 'stdout', text: known('a -n') }],
    ["\\echo '-n' a", { kind: 'echo', to: 'stdout', text: known('-n a\n') }],
    ['\\qecho a', { kind: 'echo', to: 'results', text: known('a\n') }],
    ['\\warn a', { kind: 'echo', to: 'stderr', text: known('a\n') }],
    ['\\echo :unknown', { kind: 'echo', to: 'stdout', text: { text: ':unknown\n', isUnknown: true } }],
    ['\\encoding', { kind: 'encoding', name: undefined }],
    ['\\encoding latin1', { kind: 'encoding', name: known('latin1') }],
    ['\\f ,', printOption('fieldsep', ',')],
    ['\\g', { kind: 'send', how: { kind: 'plain' } }],
    ['\\g file', print('file')],
    ['\\g (format=csv tuples_only)', print(undefined, ['format', 'csv'], ['tuples_only', undefined])],
    ['\\g (format=csv) file', print('file', ['format', 'csv'])],
    ['\\gx', print(undefined, ['expanded', 'on'])],
    ['\\gx (format=csv)', print(undefined, ['format', 'csv'], ['expanded', 'on'])],
    ['\\gdesc', { kind: 'send', how: { kind: 'gdesc' } }],
    ['\\getenv a HOME', { kind: 'getenv', name: known('a'), environment: known('HOME') }],
    ['\\gexec', { kind: 'send', how: { kind: 'gexec' } }],
    ['\\gset', { kind: 'send', how: { kind: 'gset', prefix: known('') } }],
    ['\\gset p_', { kind: 'send', how: { kind: 'gset', prefix: known('p_') } }],
    ['\\H', printOption('format', 'html')],
    ['\\i a.sql;', { kind: 'include', path: known('a.sql'), relative: false }],
    ['\\include a.sql', { kind: 'include', path: known('a.sql'), relative: false }],
    ['\\ir a.sql', { kind: 'include', path: known('a.sql'), relative: true }],
    ['\\include_relative a.sql', { kind: 'include', path: known('a.sql'), relative: true }],
    ['\\if yes', { kind: 'if', condition: 'true' }],
    ['\\if 0', { kind: 'if', condition: 'false' }],
    ['\\if :unknown', { kind: 'if', condition: 'unknown' }],
    ['\\if :{?v}', { kind: 'if', condition: 'true' }],
    ['\\elif off', { kind: 'elif', condition: 'false' }],
    ['\\else', { kind: 'else' }],
    ['\\endif', { kind: 'endif' }],
    ['\\o', { kind: 'output', file: undefined }],
    ['\\out file', { kind: 'output', file: known('file') }],
    ['\\p', { kind: 'print-buffer' }],
    ['\\prompt x', { kind: 'prompt', name: known('x'), question: undefined }],
    ["\\prompt 'a?' x", { kind: 'prompt', name: known('x'), question: known('a?') }],
    ['\\pset format csv', printOption('format', 'csv')],
    ['\\pset expanded', printOption('expanded', undefined)],
    ['\\q', { kind: 'quit' }],
    ['\\r', { kind: 'reset' }],
    ['\\restrict abc', { kind: 'restrict', key: known('abc') }],
    ['\\unrestrict abc', { kind: 'unrestrict', key: known('abc') }],
    ['\\set', { kind: 'list-variables' }],
    ['\\set a', { kind: 'set', name: known('a'), value: known('') }],
    ["\\set a b :v 'c d'", { kind: 'set', name: known('a'), value: known('bvaluec d') }],
    ['\\set a :unknown', { kind: 'set', name: known('a'), value: { text: ':unknown', isUnknown: true } }],
    ['\\t', printOption('tuples_only', undefined)],
    ['\\T border=1', printOption('tableattr', 'border=1')],
    ['\\timing', { kind: 'timing', value: undefined }],
    ['\\timing on', { kind: 'timing', value: known('on') }],
    ['\\unset a', { kind: 'unset', name: known('a') }],
    ['\\x auto', printOption('expanded', 'auto')],
  ];
  it.each(cases)('%s', (text, call) => {
    expect(parse(text)).toEqual(call);
  });

  it.each(['reset', 'quit', 'print', 'html', 'out', 'connect db'])(
    '\\%s is the long name of its first letter',
    (name) => {
      const short = name.startsWith('html') ? 'H' : name.replace(/^(\w)\w*/, '$1');
      expect(parse(`\\${name}`)).toEqual(parse(`\\${short}`));
    },
  );

  it('a condition that is no boolean is false, and a warning', () => {
    const { args } = line(' maybe not');
    expect(parseCommand('if', args)).toEqual({ kind: 'if', condition: 'false' });
    expect(args.faults).toMatchObject([
      {
        severity: 'warning',
        message: 'unrecognized value "maybe not" for a condition: Boolean expected; it counts as false',
      },
    ]);
  });
});

describe('faults', () => {
  function faultOf(text: string) {
    const parsed = parse(text);
    return parsed.kind === 'fault' ? parsed.fault : expect.unreachable(text);
  }

  it.each(['i', 'ir', 'getenv', 'getenv a', 'unset', 'prompt', 'restrict', 'unrestrict'])(
    '\\%s lacks an argument',
    (text) => {
      const { message, hint } = faultOf(`\\${text}`);
      expect(message).toBe(`\\${text.split(' ')[0] ?? ''}: missing required argument`);
      expect(hint).toContain('write it as in \\');
    },
  );

  it.each([
    ['\\!', 'runs a shell command'],
    ['\\! ls', 'runs a shell command'],
    ['\\setenv A b', 'runs a shell command'],
    ['\\w file', 'writes the statement to a file'],
    ['\\e', 'needs a person at a terminal'],
    ['\\password', 'needs a person at a terminal'],
    ['\\watch 1', 'again and again'],
    ['\\?', 'only shows something'],
    ['\\l+', 'only shows something'],
    ['\\d', 'only shows something'],
    ['\\dt+ x', 'only shows something'],
    ['\\dS+', 'only shows something'],
    ['\\sf+ f', 'only shows something'],
    ['\\crosstabview', 'is not supported'],
    ['\\bind 1', 'is not supported'],
    ['\\lo_import x', 'is not supported'],
    ["\\copy t from program 'ls'", 'runs a shell command'],
    ['\\pset', 'only shows the settings'],
  ])('%s is refused', (text, why) => {
    const { message, hint } = faultOf(text);
    expect(message).toContain(why);
    expect(hint).toBeTruthy();
  });

  it.each([
    ['\\foo', 'psql does not know it either'],
    ['\\gest', 'did you mean \\gset?'],
    ['\\ehco', 'did you mean \\echo?'],
    ['\\SET', 'did you mean \\set?'],
    ['\\incldue', 'did you mean \\include?'],
  ])('%s is unknown: %s', (text, hint) => {
    expect(faultOf(text)).toEqual({ message: `invalid command ${text}`, hint });
  });

  it('a backslash alone is one', () => {
    expect(faultOf('\\').message).toBe('a backslash outside quotes');
  });

  it('what \\copy cannot make sense of is one', () => {
    expect(faultOf('\\copy t').message).toBe('\\copy: parse error at end of line');
    expect(faultOf('\\copy t of x').message).toBe('\\copy: parse error at "of"');
  });
});

describe('in a branch that is not taken', () => {
  function left(text: string): string {
    const [, name = '', rest = ''] = /^\\(\S*)(.*)$/s.exec(text) ?? [];
    const { args, left: rest_ } = line(rest, false);
    expect(passArguments(name, args)).toBeUndefined();
    return rest_();
  }

  it('a command takes the arguments that it would take', () => {
    expect(left(String.raw`\echo a \endif`)).toBe(String.raw`\endif`);
    expect(left(String.raw`\o | x \endif`)).toBe('');
    expect(left(String.raw`\copy t from 'a' \endif`)).toBe('');
    expect(left(String.raw`\! x \endif`)).toBe('');
    expect(left(String.raw`\dt x \endif`)).toBe(String.raw`\endif`);
    expect(left(String.raw`\watch 1 \endif`)).toBe(String.raw`\endif`);
  });

  it('one that psql does not know is a fault all the same', () => {
    expect(passArguments('foo', line('', false).args)?.message).toBe('invalid command \\foo');
  });
});
