import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCatalog } from '../../src/db/catalog/read-catalog.js';
import { Controls } from '../../src/db/controls.js';
import { startEmbedded, type EmbeddedServer } from '../../src/db/embedded/server.js';
import { resolveConnection, systemSurroundings } from '../../src/db/settings/resolve.js';
import type { CatalogRows } from '../../src/model/catalog-rows.js';
import { startDebianServer, type DebianServer } from '../debian-server.js';
import { createDatabase } from '../database.js';
import { CATALOG_OBJECTS } from './catalog-objects.js';
import { started } from './embedded-rig.js';

/**
 * What is read of a database with objects of every kind, on the embedded server and on the one of the system's packages,
 * which is older. Both are servers of its own: what it sets for a role holds for all sessions of that role, of other tests, too.
 */
const SERVERS = ['embedded', 'system'] as const;
const DATABASE = 'catalog_test';

let embedded: EmbeddedServer | undefined;
let system: DebianServer | undefined;

beforeAll(async () => {
  embedded = started(await startEmbedded({ connections: 10 }));
  system = await startDebianServer();
});

afterAll(async () => {
  await embedded?.stop();
  await system?.stop();
});

describe.each(SERVERS)('the catalog of the %s server', (kind) => {
  let client: pg.Client;
  let rows: CatalogRows;

  beforeAll(async () => {
    await withClient(kind, 'postgres', async (admin) => {
      await admin.query(`DROP DATABASE IF EXISTS ${DATABASE} WITH (FORCE)`);
      await admin.query(`CREATE DATABASE ${DATABASE}`);
    });
    client = await connect(kind, DATABASE);
    await client.query(CATALOG_OBJECTS);
    rows = await readCatalog(client);
  });

  afterAll(async () => {
    await client.end();
    await withClient(kind, 'postgres', (admin) => admin.query(`DROP DATABASE ${DATABASE} WITH (FORCE)`));
  });

  const relation = (name: string) => rows.relations.find((one) => one.name === name);
  const routine = (name: string) => rows.routines.find((one) => one.name === name);
  const type = (name: string) => rows.types.find((one) => one.name === name);

  it('tells schemas and roles', () => {
    expect(rows.schemas.map(({ name }) => name).toSorted()).toEqual(['app', 'other', 'public']);
    expect(rows.roles).toContain('postgres');
    expect(rows.session).toMatchObject({ user: 'postgres', isSuperuser: true, database: DATABASE });
    expect(rows.session.version).toBeGreaterThanOrEqual(150000);
  });

  it('tells relations of all kinds, without system ones and temporary ones', () => {
    expect(new Set(rows.relations.map((one) => one.kind))).toEqual(
      new Set(['r', 'p', 'v', 'm', 'S', 'i', 'I', 'f', 'c']),
    );
    expect(relation('scratch')).toBeUndefined();
    expect(relation('pg_class')).toBeUndefined();
    expect(relation('fast')).toMatchObject({ schema: 'app', kind: 'r', isUnlogged: true, owner: 'postgres' });
    expect(relation('typed')?.ofType).toBe(type('pair')?.oid);
    expect(relation('event')).toMatchObject({ kind: 'p', partitionKey: 'RANGE (at)', isPartition: false });
    expect(relation('event_old')).toMatchObject({
      isPartition: true,
      partitionBound: "FOR VALUES FROM (MINVALUE) TO ('2020-01-01')",
    });
    expect(relation('event_rest')?.partitionBound).toBe('DEFAULT');
    expect(relation('item_names')?.query).toContain('FROM app.item');
    expect(relation('item_names')?.checkOption).toBe(true);
    expect(relation('totals')?.query).toContain('app.item');
    expect(relation('item')?.rowSecurity).toBe(true);
  });

  it('tells columns, with all names qualified', () => {
    const columns = rows.columns.filter((one) => one.relation === relation('item')?.oid);
    const of = (name: string) => columns.find((one) => one.name === name);
    expect(columns.map(({ name }) => name)).toEqual([
      'id',
      'serial_id',
      'name',
      'mood',
      'tags',
      'twice',
      'Odd "one"',
    ]);
    expect(of('id')).toMatchObject({ number: 1, type: 'integer', isIdentity: true, expression: null });
    expect(of('serial_id')?.expression).toBe("nextval('app.item_serial_id_seq'::regclass)");
    expect(of('name')).toMatchObject({ type: 'app.short', typeOid: type('short')?.oid });
    expect(of('mood')?.expression).toBe("'calm'::app.mood");
    expect(of('tags')).toMatchObject({ type: 'app.mood[]', typeOid: type('mood')?.oid });
    expect(of('twice')).toMatchObject({ isGenerated: true, expression: 'app.double(id)' });
  });

  it('tells what is inherited and which sequences belong to columns', () => {
    const pairs = rows.inheritance.map(({ child, parent }) => [nameOf(child), nameOf(parent)]);
    expect(pairs).toContainEqual(['event_old', 'event']);
    expect(pairs).toContainEqual(['kid', 'fast']);
    const owners = rows.sequences.map(({ oid, owner, column }) => [nameOf(oid), nameOf(owner), column]);
    expect(owners.toSorted()).toEqual([
      ['free_seq', undefined, 0],
      ['item_id_seq', 'item', 1],
      ['item_serial_id_seq', 'item', 2],
    ]);
  });

  const nameOf = (oid: number) => rows.relations.find((one) => one.oid === oid)?.name;

  it('tells constraints and indexes', () => {
    const of = (name: string) => rows.constraints.find((one) => one.name === name);
    expect(of('item_of_item')).toMatchObject({
      type: 'f',
      relation: relation('part')?.oid,
      target: relation('item')?.oid,
      onDelete: 'c',
      onUpdate: 'a',
      isDeferrable: true,
      isAlways: false,
      index: relation('item_pkey')?.oid,
    });
    expect(of('always_of_item')).toMatchObject({ type: 'f', isAlways: true });
    expect(of('short_check')).toMatchObject({ type: 'c', relation: 0, domain: type('short')?.oid });
    expect(of('positive')?.definition).toContain('app.double(id)');
    expect(of('part_during_excl')).toMatchObject({ type: 'x' });
    const index = (name: string) => rows.indexes.find((one) => one.oid === relation(name)?.oid);
    expect(index('item_doubled')?.definition).toContain('app.double(id)');
    expect(index('item_pkey')).toMatchObject({ table: relation('item')?.oid, isUnique: true });
    expect(index('part_during_excl')?.isExclusion).toBe(true);
  });

  it('tells triggers, rules, policies and statistics', () => {
    expect(rows.triggers.map(({ name }) => name)).toEqual(['item_touch']);
    expect(rows.triggers[0]).toMatchObject({
      relation: relation('item')?.oid,
      routine: routine('touch')?.oid,
      type: 23,
      enabled: 'O',
    });
    expect(rows.triggers[0]?.definition).toContain('EXECUTE FUNCTION app.touch()');
    expect(rows.rules).toMatchObject([
      { name: 'log_insert', relation: relation('fast')?.oid, event: 'insert', isInstead: false },
    ]);
    expect(rows.rules[0]?.definition).toContain('INSERT INTO app.kid');
    expect(rows.policies).toMatchObject([{ name: 'mine', using: '(app.double(id) > 0)', check: null }]);
    expect(rows.statistics).toMatchObject([
      { schema: 'app', name: 'item_stats', relation: relation('item')?.oid },
    ]);
    expect(rows.statistics[0]?.definition).toContain('app.double(id)');
  });

  it('tells routines', () => {
    expect(routine('double')).toMatchObject({
      schema: 'app',
      kind: 'f',
      language: 'sql',
      volatility: 'i',
      identity: 'n integer',
      result: 'integer',
      body: 'RETURN (n * 2)',
      extension: null,
      parts: [],
      settings: [],
    });
    expect(routine('touch')).toMatchObject({
      language: 'plpgsql',
      volatility: 'v',
      isSecurityDefiner: true,
      settings: ['search_path=app, other'],
    });
    expect(routine('touch')?.source).toContain('RETURN new');
    expect(routine('touch')?.definition).toContain('CREATE OR REPLACE FUNCTION app.touch()');
    expect(routine('proceed')).toMatchObject({ kind: 'p', result: null });
    expect(routine('proceed')?.arguments).toContain("DEFAULT nextval('app.free_seq'::regclass)");
    expect(routine('total')).toMatchObject({ kind: 'a', definition: null, parts: [routine('add')?.oid] });
    expect(routine('citext_eq')).toMatchObject({
      schema: 'public',
      language: 'c',
      extension: 'citext',
      definition: null,
    });
    expect(routine('now')).toBeUndefined();
    expect(routine('smuggled')).toMatchObject({ schema: 'pg_catalog' });
  });

  it('tells types', () => {
    expect(type('mood')).toMatchObject({ schema: 'app', kind: 'e', base: null, relation: 0 });
    expect(type('short')).toMatchObject({
      kind: 'd',
      base: 'character varying(9)',
      expression: 'app.greeting()',
    });
    expect(type('pair')).toMatchObject({ kind: 'c', relation: relation('pair')?.oid });
    expect(type('span')).toMatchObject({ kind: 'r', base: 'double precision' });
    expect(type('span_many')).toMatchObject({ kind: 'm', base: 'double precision' });
    expect(type('shell')).toMatchObject({ kind: 'p' });
    expect(type('citext')).toMatchObject({ kind: 'b', extension: 'citext' });
    expect(type('_mood')).toBeUndefined();
    expect(type('item')).toBeUndefined();
  });

  it('tells functions that are called without being named', () => {
    const of = (name: string) =>
      rows.hidden.filter((one) => one.routine === routine(name)?.oid).map((one) => [one.kind, one.name]);
    expect(of('add')).toEqual([['operator', 'app.@+@']]);
    expect(of('to_pair')).toEqual([['cast', 'cast (integer as app.pair)']]);
    expect(of('compare')).toEqual([['operator class', 'app.backwards']]);
    expect(of('span_gap')).toEqual([['type', 'app.span']]);
    expect(of('citextin')).toEqual([['type', 'public.citext']]);
    expect(of('double')).toEqual([]);
  });

  it('tells the rest by name', () => {
    expect(rows.extensions).toContainEqual({ name: 'citext', schema: 'public' });
    expect(rows.eventTriggers).toEqual([
      { name: 'watch', routine: routine('watching')?.oid, event: 'sql_drop', enabled: 'D' },
    ]);
    expect(rows.publications).toEqual([{ name: 'news', allTables: false }]);
    for (const [kind, schema, name] of [
      ['collation', 'app', 'plain'],
      ['conversion', 'app', 'conv'],
      ['statistics', 'app', 'item_stats'],
      ['operator', 'app', '@+@'],
      ['operator class', 'app', 'backwards'],
      ['operator family', 'app', 'backwards'],
      ['text search configuration', 'app', 'words'],
      ['text search dictionary', 'app', 'lexemes'],
      ['foreign data wrapper', '', 'nothing'],
      ['foreign server', '', 'nowhere'],
      ['user mapping', '', 'postgres@nowhere'],
    ]) {
      expect(rows.others).toContainEqual({ kind, schema, name });
    }
  });

  it('leaves the session as it was', async () => {
    const all = 'SELECT name, setting FROM pg_settings ORDER BY name';
    await client.query("SET search_path = app; SET jit = off; SET lock_timeout = '1234ms'");
    const before = (await client.query(all)).rows;
    await readCatalog(client);
    expect((await client.query(all)).rows).toEqual(before);
    expect((await client.query('SELECT pg_current_xact_id_if_assigned() AS id')).rows).toEqual([
      { id: null },
    ]);
    await client.query('RESET ALL');
  });

  it('leaves it so, too, when it had to give up', async () => {
    await withClient(kind, DATABASE, async (locker) => {
      await locker.query('BEGIN; LOCK TABLE app.item');
      await expect(readCatalog(client)).rejects.toMatchObject({ code: '55P03' });
      expect((await client.query('SHOW search_path')).rows).toEqual([{ search_path: '"$user", public' }]);
    });
  });

  it('asks servers of before 14 for nothing that they do not have', async () => {
    let sent = '';
    const old = await readCatalog({
      query: async (text) => {
        const result = await client.query(text);
        sent += text;
        return text.includes('server_version_num')
          ? { rows: [{ ...rows.session, version: 120000 }] }
          : result;
      },
    });
    expect(sent).not.toMatch(/prosqlbody|sqlbody|typsubscript|rngmultitypid/);
    // Roles come and go with other tests.
    const of14 = { session: 0, routines: 0, types: 0, roles: 0 };
    expect({ ...old, ...of14 }).toEqual({ ...rows, ...of14 });
    expect(old.routines.map(({ name }) => name)).toEqual(rows.routines.map(({ name }) => name));
    expect(old.types.map(({ name }) => name)).toEqual(rows.types.map(({ name }) => name));
  });

  it('may be read by anybody', async () => {
    await client.query('CREATE ROLE catalog_reader; SET ROLE catalog_reader');
    try {
      const read = await readCatalog(client);
      expect(read.session).toMatchObject({ user: 'catalog_reader', isSuperuser: false });
      expect({ ...read, session: 0, roles: 0 }).toEqual({ ...rows, session: 0, roles: 0 });
    } finally {
      await client.query('RESET ROLE; DROP ROLE catalog_reader');
    }
  });

  it('survives what is dropped meanwhile', async () => {
    await withClient(kind, DATABASE, async (dropper) => {
      const over = new AbortController();
      const dropping = (async () => {
        while (!over.signal.aborted) {
          await dropper.query(`CREATE TABLE other.brief (a int PRIMARY KEY, b app.short DEFAULT 'x');
            CREATE VIEW other.brief_view AS SELECT * FROM other.brief;
            CREATE FUNCTION other.brief_function() RETURNS int RETURN (SELECT count(*) FROM other.brief)`);
          await dropper.query(
            'DROP FUNCTION other.brief_function(); DROP VIEW other.brief_view; DROP TABLE other.brief',
          );
        }
      })();
      for (let round = 0; round < 20; round += 1) {
        expect((await readCatalog(client)).relations.length).toBeGreaterThanOrEqual(rows.relations.length);
      }
      over.abort();
      await dropping;
    });
  });

  describe('search_path of a new session', () => {
    const path = async (from = client) => (await readCatalog(from)).session.searchPath;

    it('is that of the role in the database, the role, the database, the server, in this order', async () => {
      expect(await path()).toBe('"$user", public');
      const settings = [
        'ROLE ALL SET search_path = public',
        `DATABASE ${DATABASE} SET search_path = app`,
        'ROLE postgres SET search_path = other, "Odd"',
        `ROLE postgres IN DATABASE ${DATABASE} SET search_path = ''`,
      ];
      const expected = ['public', 'app', 'other, "Odd"', '""'];
      try {
        for (const [index, setting] of settings.entries()) {
          await client.query(`ALTER ${setting}`);
          expect(await path()).toBe(expected[index]);
          await withClient(kind, DATABASE, async (fresh) => {
            expect((await fresh.query('SHOW search_path')).rows).toEqual([{ search_path: expected[index] }]);
            expect(await path(fresh)).toBe(expected[index]);
          });
        }
      } finally {
        for (const setting of settings)
          await client.query(`ALTER ${setting.replace(/ SET .*/, ' RESET search_path')}`);
      }
      expect(await path()).toBe('"$user", public');
    });

    it('is what the client asked for when it connected', async () => {
      await client.query(`ALTER DATABASE ${DATABASE} SET search_path = app`);
      const asking = await connect(kind, DATABASE, '-c search_path=other,app');
      try {
        expect(await path(asking)).toBe('other,app');
      } finally {
        await asking.end();
        await client.query(`ALTER DATABASE ${DATABASE} RESET search_path`);
      }
    });
  });
});

it('reads each target from its own database, with its own options', async () => {
  const [first, second] = [await createDatabase(), await createDatabase()];
  await first.query('CREATE TABLE one (a int)');
  await second.query('CREATE TABLE two (a int)');
  const target = (name: string, url: string) => {
    const read = resolveConnection({ dbname: url }, systemSurroundings());
    if (!read.ok) throw new Error(JSON.stringify(read));
    return { name, settings: read.value };
  };
  const controls = new Controls([
    target('a', first.url),
    target('b', second.url),
    target('c', `${first.url}?options=-csearch_path%3Dpg_catalog`),
  ]);
  try {
    const catalogs = await Promise.all([0, 1, 2].map((index) => controls.readCatalog(index)));
    expect(catalogs.map(({ relations }) => relations.map(({ name }) => name))).toEqual([
      ['one'],
      ['two'],
      ['one'],
    ]);
    expect(catalogs.map(({ session }) => session.searchPath)).toEqual([
      '"$user", public',
      '"$user", public',
      'pg_catalog',
    ]);
    await second.drop();
    await expect(controls.readCatalog(1)).rejects.toThrow(/^target b: /);
  } finally {
    await controls.close();
    await first.drop();
    await second.drop();
  }
});

async function connect(kind: (typeof SERVERS)[number], database: string, options = ''): Promise<pg.Client> {
  const { host, port, user } = kind === 'embedded' ? embedded! : system!;
  const password = kind === 'embedded' ? embedded!.password : '';
  const client = new pg.Client({ host, port, user, password, database, options, ssl: false });
  await client.connect();
  return client;
}

async function withClient(
  kind: (typeof SERVERS)[number],
  database: string,
  use: (client: pg.Client) => Promise<unknown>,
): Promise<void> {
  const client = await connect(kind, database);
  try {
    await use(client);
  } finally {
    await client.end();
  }
}
