import { describe, expect, it } from 'vitest';
import { planned, waits } from './planned.js';

const SCHEMA = 'CREATE SCHEMA s; CREATE TABLE log (what text); CREATE TABLE s.log (what text);';

/** CREATE FUNCTION looks up the types of PL/pgSQL's variables, and nothing else of the body. */
describe('CREATE FUNCTION in PL/pgSQL', () => {
  const waitsFor = async (table: string, body: string): Promise<boolean> => {
    const [before = '', after = ''] = SCHEMA.split(`CREATE TABLE ${table} `);
    const plan = await planned(
      `${before}-- pqrun: label=one\nCREATE TABLE ${table} ${after}\n-- pqrun: label=two\nCREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $f$ ${body} $f$;`,
    );
    return waits(plan, 'two', 'one');
  };

  it.each([
    ['log', 'DECLARE x log; BEGIN RETURN 1; END'],
    ['log', 'DECLARE x log.what%TYPE; BEGIN RETURN 1; END'],
    ['log', 'DECLARE x public . "log" %ROWTYPE; BEGIN RETURN 1; END'],
    ['s.log', 'DECLARE x s.log[]; BEGIN RETURN 1; END'],
    ['s.log', 'DECLARE a int; BEGIN DECLARE x s.log%ROWTYPE; BEGIN RETURN 1; END; END'],
    ['log', 'DECLARE c CURSOR (x log) FOR SELECT 1; BEGIN RETURN 1; END'],
    ['log', 'DECLARE x log; BEGIN this is no PL/pgSQL'],
  ])('waits for %s: %s', async (table, body) => {
    expect(await waitsFor(table, body)).toBe(true);
  });

  it.each([
    ['log', "BEGIN INSERT INTO log VALUES ('a'); RETURN 1; END"],
    ['s.log', 'BEGIN RETURN (SELECT count(*) FROM s.log); END'],
    ['log', 'DECLARE log int := 1; BEGIN RETURN log; END'],
    ['log', "BEGIN RAISE NOTICE 'log'; /* log */ RETURN 1; END"],
    ['s.log', 'DECLARE x log; BEGIN RETURN 1; END'],
  ])('does not wait for %s: %s', async (table, body) => {
    expect(await waitsFor(table, body)).toBe(false);
  });
});
