import { describe, expect, it } from 'vitest';
import { parseSend } from '../../../../src/script/commands/send.js';
import { line, messages } from './reading.js';

function send(text: string, name = 'g') {
  const { args, left } = line(text);
  const call = parseSend(args, name);
  const how = call.kind === 'send' ? call.how : expect.unreachable();
  const options = how.kind === 'print' ? how.options.map(([option, value]) => [option, value?.text]) : [];
  return {
    kind: how.kind,
    file: how.kind === 'print' ? how.file?.text : undefined,
    options,
    left: left(),
    args,
  };
}

describe('\\g and \\gx', () => {
  it.each([
    ['', 'plain', undefined, []],
    [' file', 'print', 'file', []],
    ["'a b'", 'print', 'a b', []],
    ['(format=csv)', 'print', undefined, [['format', 'csv']]],
    ['( format=csv )', 'print', undefined, [['format', 'csv']]],
    ['(format=csv) file', 'print', 'file', [['format', 'csv']]],
    [
      '(expanded tuples_only=on)',
      'print',
      undefined,
      [
        ['expanded', undefined],
        ['tuples_only', 'on'],
      ],
    ],
    [
      "(fieldsep=' | ' null=:v)",
      'print',
      undefined,
      [
        ['fieldsep', ' | '],
        ['null', 'value'],
      ],
    ],
    ['(a=b=c)', 'print', undefined, [['a', 'b=c']]],
    ["'(a)'", 'print', undefined, [['a', undefined]]],
    ['()', 'plain', undefined, []],
  ] as const)('%s', (text, kind, file, options) => {
    expect(send(text)).toMatchObject({ kind, file, options });
  });

  it('the latter turns expanded on, behind what is said in parentheses', () => {
    expect(send('', 'gx').options).toEqual([['expanded', 'on']]);
    expect(send('(expanded=off)', 'gx').options).toEqual([
      ['expanded', 'off'],
      ['expanded', 'on'],
    ]);
  });

  it('never give results to a shell command', () => {
    expect(messages(send('| less').args.faults)).toEqual([
      'this would run a shell command, which pqrun never does',
    ]);
  });

  it('without a closing parenthesis are a fault', () => {
    const { options, args } = send('(format=csv null=x');
    expect(options).toEqual([
      ['format', 'csv'],
      ['null', 'x'],
    ]);
    expect(messages(args.faults)).toEqual(['\\g: missing right parenthesis']);
  });

  it('leave what follows them on the line', () => {
    expect(send(String.raw`file\\ select`).left).toBe(String.raw`\\ select`);
  });
});
