import { describe, expect, it } from 'vitest';
import {
  isSpecial,
  specialFault,
  substituteSpecial,
  unhonoured,
} from '../../../src/script/special-variables.js';

describe("psql's own variables", () => {
  it('are known by their names', () => {
    for (const name of ['AUTOCOMMIT', 'ECHO', 'FETCH_COUNT', 'ON_ERROR_ROLLBACK'])
      expect(isSpecial(name)).toBe(true);
    for (const name of ['autocommit', 'DBNAME', 'constructor', '']) expect(isSpecial(name)).toBe(false);
  });

  it.each([
    ['AUTOCOMMIT', ['on', 'OFF', '1', '0', 't', 'yes', 'n', '']],
    ['ECHO', ['all', 'None', 'queries', 'errors']],
    ['ECHO_HIDDEN', ['noexec', 'on', 'false', '']],
    ['ON_ERROR_ROLLBACK', ['interactive', 'on', 'off', '']],
    ['VERBOSITY', ['default', 'verbose', 'terse', 'sqlstate']],
    ['SHOW_CONTEXT', ['never', 'errors', 'always']],
    ['COMP_KEYWORD_CASE', ['lower', 'preserve-upper']],
    ['HISTCONTROL', ['ignoreboth', 'none']],
    ['FETCH_COUNT', ['0', '100', '-1']],
    ['anything', ['', 'what you like']],
  ])('%s takes %j', (name, values) => {
    expect(values.map((value) => specialFault(name, value))).toEqual(values.map(() => undefined));
  });

  it.each([
    ['AUTOCOMMIT', 'maybe', 'Boolean expected'],
    ['ON_ERROR_STOP', 'o', 'Boolean expected'],
    ['ECHO', '', 'known are none, errors, queries, all'],
    ['ECHO', 'on', 'known are none, errors, queries, all'],
    ['ON_ERROR_ROLLBACK', 'x', 'known are interactive, on, off'],
    ['VERBOSITY', 'on', 'known are default, verbose, terse, sqlstate'],
    ['FETCH_COUNT', 'ten', 'integer expected'],
    ['FETCH_COUNT', '1.5', 'integer expected'],
  ])('%s does not take %j', (name, value, expected) => {
    expect(specialFault(name, value)?.message).toBe(
      `unrecognized value "${value}" for "${name}": ${expected}`,
    );
  });

  it('that are switches are on without a value', () => {
    expect(substituteSpecial('AUTOCOMMIT', '')).toBe('on');
    expect(substituteSpecial('ON_ERROR_ROLLBACK', '')).toBe('on');
    expect(substituteSpecial('AUTOCOMMIT', 'off')).toBe('off');
    expect(substituteSpecial('mine', '')).toBe('');
  });

  it('that are not honoured are told', () => {
    expect(unhonoured('SINGLELINE', 'on')).toMatchObject({
      severity: 'warning',
      message: 'SINGLELINE=on is not honoured',
    });
    expect(unhonoured('SINGLESTEP', '1')?.severity).toBe('warning');
    expect(unhonoured('SHOW_ALL_RESULTS', 'off')?.severity).toBe('warning');
    for (const [name, value] of [
      ['SINGLELINE', 'off'],
      ['SHOW_ALL_RESULTS', 'on'],
      ['QUIET', 'on'],
      ['toString', 'on'],
    ] as const)
      expect(unhonoured(name, value)).toBeUndefined();
  });
});
