import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { optionSettings, startupOptions } from '../../../src/db/settings/startup-options.js';
import { resolveConnection } from '../../../src/db/settings/resolve.js';
import { surroundings } from './settings-surroundings.js';

describe('options as settings', () => {
  it.each([
    ['', []],
    ['-c a=1', [['a', '1']]],
    [
      '  -ca=1 --b-c=x=y  ',
      [
        ['a', '1'],
        ['b_c', 'x=y'],
      ],
    ],
    [
      '-c search_path=a,\\ b -- work_mem=1MB',
      [
        ['search_path', 'a, b'],
        ['work_mem', '1MB'],
      ],
    ],
    ['-c a=\\\\', [['a', '\\']]],
    ['-c a=', [['a', '']]],
  ])('%s', (options, expected) => {
    expect(optionSettings(options)).toEqual(expected);
  });

  it.each(['-S 64', '-c', '-c a', '--', '--a', 'a=1', '-E', '-c=1'])('%s is refused', (options) => {
    expect(() => optionSettings(options)).toThrow('cannot be set');
  });

  it('are what was put into them', () => {
    const read = resolveConnection({ host: 'h', user: 'u', dbname: 'd' }, surroundings({}));
    if (!read.ok) throw new Error('no settings');
    const settings = { ...read.value, sessionDefaults: {} };
    const name = fc.stringMatching(/^[a-z][a-z_.]*$/);
    fc.assert(
      fc.property(fc.dictionary(name, fc.string({ unit: 'grapheme' })), (given) => {
        expect(optionSettings(startupOptions(given, settings))).toEqual(Object.entries(given));
      }),
    );
  });
});
