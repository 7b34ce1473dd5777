import { describe, expect, it } from 'vitest';
import { isVariableName, UNKNOWN, VariableStore } from '../../../src/script/variable-store.js';

const given = (values: Readonly<Record<string, string>> = {}) => new VariableStore(Object.entries(values));

describe('variables', () => {
  it('are set and unset, and may be empty', () => {
    const store = given({ a: '1' });
    expect(store.get('a')).toBe('1');
    expect(store.set('a', '')).toBeUndefined();
    expect(store.get('a')).toBe('');
    store.unset('a');
    expect(store.get('a')).toBeUndefined();
    expect(store.get('constructor')).toBeUndefined();
  });

  it('have names of letters, digits and underscores, which matter in their case', () => {
    const store = given();
    for (const name of ['a', 'A_1', '1', 'größe', '日本', '😀']) expect(isVariableName(name)).toBe(true);
    for (const name of ['', 'a b', 'a-b', 'a.b', 'a$']) {
      expect(store.set(name, '1')?.message).toBe(`invalid variable name: "${name}"`);
      expect(() => store.unset(name)).not.toThrow();
    }
    store.set('a', 'small');
    expect(store.get('A')).toBeUndefined();
  });

  it("of psql's begin as in a session that stops on errors", () => {
    const store = given();
    expect(
      ['AUTOCOMMIT', 'ON_ERROR_STOP', 'ON_ERROR_ROLLBACK', 'QUIET'].map((name) => store.flag(name)),
    ).toEqual([true, true, false, false]);
    expect(store.word('ECHO')).toBe('none');
    expect(store.get('VERSION_NUM')).toBe('180000');
    for (const name of ['DBNAME', 'ROW_COUNT', 'SQLSTATE', 'SERVER_VERSION_NUM'])
      expect(store.get(name)).toBe(UNKNOWN);
  });

  it("of psql's can be given from outside, and overwritten", () => {
    const store = given({ ON_ERROR_STOP: '0', DBNAME: 'mine', ECHO: 'QUERIES' });
    expect(store.flag('ON_ERROR_STOP')).toBe(false);
    expect(store.get('DBNAME')).toBe('mine');
    expect(store.word('ECHO')).toBe('queries');
  });

  it("of psql's take only values that mean something; others change nothing", () => {
    const store = given();
    expect(store.set('ON_ERROR_STOP', 'sometimes')?.message).toContain('unrecognized value "sometimes"');
    expect(store.flag('ON_ERROR_STOP')).toBe(true);
    expect(store.set('ECHO', 'all')).toBeUndefined();
    expect(store.set('AUTOCOMMIT', '')).toBeUndefined();
    expect(store.get('AUTOCOMMIT')).toBe('on');
    expect(store.set('ON_ERROR_STOP', UNKNOWN)).toBeUndefined();
    expect(store.flag('ON_ERROR_STOP')).toBe(false);
  });

  it("of psql's go back to what they mean unset", () => {
    const store = given();
    for (const name of ['AUTOCOMMIT', 'ON_ERROR_STOP', 'ECHO', 'FETCH_COUNT']) store.unset(name);
    expect(['AUTOCOMMIT', 'ON_ERROR_STOP', 'ECHO', 'FETCH_COUNT'].map((name) => store.get(name))).toEqual([
      'off',
      'off',
      'none',
      '0',
    ]);
  });

  it('are listed by name, those that are known', () => {
    const names = given({ b: '2', a: '1' })
      .list()
      .map(([name]) => name);
    expect(names).toEqual(names.toSorted());
    expect(names).toContain('a');
    expect(names).not.toContain('ROW_COUNT');
  });
});

describe('variables that the run will set', () => {
  it('are unknown, those that were there too', () => {
    const store = given({ p_a: '1', q: '2' });
    store.cloud('p_');
    expect([store.get('p_a'), store.get('p_b'), store.get('q'), store.get('r')]).toEqual([
      UNKNOWN,
      UNKNOWN,
      '2',
      undefined,
    ]);
  });

  it('are known again once the script sets them', () => {
    const store = given();
    store.cloud('');
    store.set('a', '1');
    expect([store.get('a'), store.get('b')]).toEqual(['1', UNKNOWN]);
  });

  it("are not psql's own switches", () => {
    const store = given();
    store.cloud('');
    expect([store.flag('AUTOCOMMIT'), store.word('ECHO')]).toEqual([true, 'none']);
    expect(store.get('VERSION')).toBe(UNKNOWN);
  });

  it('stay unknown when they are unset, which is on the safe side', () => {
    const store = given();
    store.cloud('p_');
    store.unset('p_a');
    expect(store.get('p_a')).toBe(UNKNOWN);
  });
});
