import { describe, expect, it } from 'vitest';
import { parseConnect } from '../../../../src/script/commands/connect.js';
import { line, messages } from './reading.js';

function wordsOf(text: string): readonly (string | undefined)[] {
  const call = parseConnect(line(text).args);
  return call.kind === 'connect' ? call.words.map((word) => word?.text) : expect.unreachable();
}

function reuseOf(text: string): boolean | undefined {
  const call = parseConnect(line(text).args);
  return call.kind === 'connect' ? call.reuse : expect.unreachable();
}

describe('\\connect', () => {
  it.each([
    ['', [undefined, undefined, undefined, undefined]],
    ['db', ['db', undefined, undefined, undefined]],
    ['db;', ['db', undefined, undefined, undefined]],
    ['- - localhost 5433', [undefined, undefined, 'localhost', '5433']],
    ["'-' user", ['-', 'user', undefined, undefined]],
    ['"My DB" "a""b"', ['My DB', 'a"b', undefined, undefined]],
    ['MyDb', ['MyDb', undefined, undefined, undefined]],
    ['postgresql://host/db', ['postgresql://host/db', undefined, undefined, undefined]],
    ["'host=a dbname=b'", ['host=a dbname=b', undefined, undefined, undefined]],
    [':v', ['value', undefined, undefined, undefined]],
    ["''", ['', undefined, undefined, undefined]],
  ])('%s', (text, words) => {
    expect(wordsOf(text)).toEqual(words);
  });

  it('may say whether the rest stays as it was', () => {
    expect(reuseOf('db')).toBeUndefined();
    expect(reuseOf('-reuse-previous=on db')).toBe(true);
    expect(reuseOf('-reuse-previous=off')).toBe(false);
    expect(wordsOf('-reuse-previous=off db user')).toEqual(['db', 'user', undefined, undefined]);
  });

  it('is at fault when it says neither on nor off', () => {
    const { args } = line('-reuse-previous=maybe db');
    parseConnect(args);
    expect(messages(args.faults)).toEqual([
      'unrecognized value "maybe" for "-reuse-previous": Boolean expected',
    ]);
  });

  it('says which words only the run knows', () => {
    expect(parseConnect(line('db :unknown').args)).toMatchObject({
      words: [{ isUnknown: false }, { isUnknown: true }, undefined, undefined],
    });
  });

  it('takes no more than four words', () => {
    const { args, left } = line('a b c d e');
    parseConnect(args);
    expect(left().trim()).toBe('e');
  });
});
