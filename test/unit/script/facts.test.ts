import { beforeAll, describe, expect, it } from 'vitest';
import { isCopyFromStdin, meansOff, settingAfter, statementFacts } from '../../../src/script/facts.js';
import { loadParser, type Parser } from '../../../src/script/syntax.js';
import { isCopyFromStdinByWords, wordFacts } from '../../../src/script/word-facts.js';

let parser: Parser;
beforeAll(async () => {
  parser = await loadParser();
});

function nodesOf(text: string) {
  const parsed = parser.parse(text);
  if (parsed.kind !== 'parsed') throw new Error(`${text}: ${parsed.kind}`);
  return parsed.nodes;
}

function factsOf(text: string) {
  return statementFacts(nodesOf(text), text);
}

const CONTROL = [
  ['begin', 'begin'],
  ['start transaction read only', 'begin'],
  ['commit', 'commit'],
  ['end', 'commit'],
  ['rollback', 'rollback'],
  ['abort', 'rollback'],
  ['commit and chain', 'savepoint'],
  ['rollback and chain', 'savepoint'],
  ['savepoint a', 'savepoint'],
  ['release a', 'savepoint'],
  ['rollback to a', 'savepoint'],
  ["prepare transaction 'a'", 'prepare'],
  ["commit prepared 'a'", 'none'],
  ['select 1', 'none'],
] as const;

const ALONE = [
  'vacuum',
  'create database a',
  'drop database a',
  "create tablespace a location '/a'",
  'drop tablespace a',
  'create index concurrently on a (b)',
  'drop index concurrently a',
  'reindex table concurrently a',
  'reindex database a',
  'reindex schema a',
  'alter system set a = 1',
  'cluster',
  'alter table a detach partition b concurrently',
  "create subscription a connection '' publication b",
  'drop subscription a',
  'alter subscription a refresh publication',
  'alter subscription a set publication b',
  'alter database a set tablespace b',
  'discard all',
  "rollback prepared 'a'",
];

const IN_BLOCK = [
  'analyze',
  'create index on a (b)',
  'drop index a',
  'cluster a using b',
  'alter table a detach partition b',
  "alter type a add value 'b'",
  'discard plans',
  'select 1',
];

const SESSION = [
  ['set a.b = 1', 'setting'],
  ['reset all', 'setting'],
  ['set role a', 'setting'],
  ['set session authorization a', 'setting'],
  ['set session characteristics as transaction read only', 'setting'],
  ['set local a.b = 1', 'local'],
  ['set transaction read only', 'local'],
  ['set constraints all deferred', 'local'],
  ['create temp table a (b int)', 'tied'],
  ['create temp table a as select 1', 'tied'],
  ['create temporary view a as select 1', 'tied'],
  ['create temp sequence a', 'tied'],
  ['select 1 into temp a', 'tied'],
  ['prepare a as select 1', 'tied'],
  ['execute a', 'tied'],
  ['deallocate a', 'tied'],
  ['declare a cursor with hold for select 1', 'tied'],
  ['fetch a', 'tied'],
  ['move a', 'tied'],
  ['close a', 'tied'],
  ['listen a', 'tied'],
  ['unlisten *', 'tied'],
  ["load 'a'", 'tied'],
  ['discard all', 'tied'],
  ['alter database a set b = 1', 'tied'],
  ['alter role a set b = 1', 'tied'],
  ['select pg_advisory_lock(1)', 'tied'],
  ["select currval('a')", 'drawn'],
  ['select 1', 'none'],
  ['update a set b = 1', 'none'],
  ['create table a (temp int)', 'none'],
  ["prepare transaction 'a'", 'none'],
] as const;

describe('facts from the parse tree', () => {
  it.each(CONTROL)('%s: %s', (text, control) => {
    expect(factsOf(text).control).toBe(control);
  });

  it.each(ALONE)('the server refuses in a transaction block: %s', (text) => {
    expect(factsOf(text).alone).toBe(true);
  });

  it.each([
    ...IN_BLOCK,
    "create subscription a connection '' publication b with (connect = false)",
    'alter subscription a set publication b with (refresh = off)',
  ])('the server takes in a transaction block: %s', (text) => {
    expect(factsOf(text).alone).toBe(false);
  });

  it.each([
    ...SESSION,
    ["select set_config('a.b', 'c', false)", 'setting'],
    ["select pg_catalog.set_config('search_path', '', false)", 'setting'],
    ["select set_config('a.b', 'c', true)", 'local'],
    ["select set_config('a.b', 'c', d) from e", 'tied'],
    ["select set_config('a.b', 'c', false) from e", 'tied'],
    ["select set_config('a.b', c(), false)", 'tied'],
    ["insert into a select set_config('a.b', c, true) from d", 'local'],
    ['create table pg_temp.a (b int)', 'tied'],
    ['create table u&"pg\\005ftemp".a (b int)', 'tied'],
    ['select 1 into pg_temp.a', 'tied'],
    ['explain analyze create table pg_temp.a as select 1', 'tied'],
    ['drop table pg_temp.a', 'tied'],
    ['select null::pg_temp.a', 'tied'],
    ["insert into a values ('pg_temp', 'set_config')", 'none'],
    ['select pg_advisory_xact_lock(1)', 'none'],
    ['declare a cursor for select 1', 'none'],
    ['explain analyze execute a', 'tied'],
    ['create table a as execute b', 'tied'],
    ['do $$begin create temp table a (b int); end$$', 'tied'],
    ['do $$begin set a.b = 1; end$$', 'tied'],
    ['do $$begin update a set b = 1; end$$', 'none'],
  ] as const)('%s: %s', (text, session) => {
    expect(factsOf(text).session).toBe(session);
  });

  it('of several statements in one message are those that bind most', () => {
    expect(factsOf('select 1; begin')).toEqual({
      node: 'SelectStmt',
      count: 2,
      control: 'begin',
      alone: false,
      session: 'none',
    });
    expect(factsOf('set a.b = 1; insert into c values (1)').session).toBe('tied');
    expect(factsOf('select 1; vacuum').alone).toBe(true);
  });

  it('are one object for all statements alike', () => {
    expect(factsOf('select 1')).toBe(factsOf('select 2'));
  });
});

describe('facts from the words', () => {
  it.each(CONTROL)('%s: %s', (text, control) => {
    expect(wordFacts(`/* c */ -- d\n ${text}`)).toMatchObject({ node: '', control });
  });

  it.each(ALONE)('the server refuses in a transaction block: %s', (text) => {
    expect(wordFacts(text).alone).toBe(true);
  });

  it.each(IN_BLOCK.filter((text) => !text.startsWith('cluster')))(
    'the server takes in a transaction block: %s',
    (text) => {
      expect(wordFacts(text).alone).toBe(false);
    },
  );

  it.each(SESSION)('%s: %s', (text, session) => {
    expect(wordFacts(text).session).toBe(session);
  });
});

describe('statements that change how the script is read', () => {
  it.each([
    ['copy a from stdin', true],
    ['copy a (b) from stdin with (format csv)', true],
    ['copy a to stdout', false],
    ["copy a from '/b'", false],
    ["copy a from program 'b'", false],
    ['select 1', false],
  ])('%s: has data %s', (text, expected) => {
    expect(nodesOf(text).some(isCopyFromStdin)).toBe(expected);
    expect(isCopyFromStdinByWords(text)).toBe(expected);
  });

  it.each([
    ['set standard_conforming_strings = off', 'off'],
    ['set standard_conforming_strings to 0', '0'],
    ["set session standard_conforming_strings = 'on'", 'on'],
    ['set standard_conforming_strings to default', 'default'],
    ['reset standard_conforming_strings', 'default'],
    ['reset all', 'default'],
    ['set local standard_conforming_strings = off', undefined],
    ['set a.b = off', undefined],
    ['select 1', undefined],
  ])('%s: %s', (text, expected) => {
    expect(nodesOf(text).map((node) => settingAfter(node, 'standard_conforming_strings'))).toEqual([
      expected,
    ]);
  });

  it('SET NAMES is one of client_encoding', () => {
    const [node] = nodesOf("set names 'LATIN1'");
    expect(node && settingAfter(node, 'client_encoding')).toBe('LATIN1');
  });

  it.each(['off', 'OF', 'false', 'f', 'no', 'n', '0'])('%s means off', (value) => {
    expect(meansOff(value)).toBe(true);
  });

  it.each(['on', 'true', 'yes', '1', 'default', 'o', ''])('%j does not', (value) => {
    expect(meansOff(value)).toBe(false);
  });
});
