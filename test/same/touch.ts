import { setTimeout } from 'node:timers/promises';
import type pg from 'pg';
import { copyInputs } from '../../src/db/copy-input.js';
import { StatementQuery } from '../../src/db/statement-query.js';
import type { Job, Step } from '../../src/model/job.js';
import { renderTemplate } from '../../src/script/template.js';
import { sendText, type Scratch } from './scratch.js';

/**
 * What the jobs of a plan touch, as the server sees it. The jobs run one by one in the written order, each file in a session of its
 * own, and before each transaction ends the server is asked which relations it has locked and how, which tables it has read and
 * written, and which functions it has called; behind each job, which objects and names are new, changed or gone, and what has come
 * to rest on which object. `unordered` then holds that against the edges of the plan.
 *
 * Unlike a walk in another order this finds an access that the plan does not know of without any luck, and whatever comes of it.
 * It does not see what is looked up by name or by its type and left no trace, functions that are inlined, what was touched and
 * rolled back, and inside of statements that cannot be in a block.
 */
export type Touches = Map<string, Touched>;

export interface Touched {
  /** For people. */
  name: string;
  /** Of a relation: its relkind. */
  kind: string;
  /** Lock modes as pg_locks has them, and `Truncate`, `Read`, `Append`, `Write`, `Call`, `Change`, `Depend`. */
  readonly modes: Set<string>;
}

/** Lock modes, and what the counters of the transaction tell beside them. */
const TOUCHES = `SELECT 'pg_class ' || l.relation AS id, coalesce(l.relation::pg_catalog.regclass::pg_catalog.text, '?') AS name,
      coalesce(c.relkind::pg_catalog.text, '?') AS kind, l.mode AS mode
    FROM pg_catalog.pg_locks AS l LEFT JOIN pg_catalog.pg_class AS c ON c.oid = l.relation
    WHERE l.pid = pg_catalog.pg_backend_pid() AND l.locktype = 'relation' AND l.granted AND l.relation >= 16384
      AND coalesce(c.relkind, 'r') IN ('r', 'p', 'v', 'm', 'S', 'f', 'c') AND coalesce(c.relpersistence, 'p') <> 't'
  UNION ALL
  SELECT 'pg_class ' || s.relid, s.relid::pg_catalog.regclass::pg_catalog.text, c.relkind::pg_catalog.text, what
    FROM pg_catalog.pg_stat_xact_all_tables AS s JOIN pg_catalog.pg_class AS c ON c.oid = s.relid,
      LATERAL (VALUES ('Read', s.seq_scan + coalesce(s.idx_scan, 0)), ('Append', s.n_tup_ins),
                      ('Write', s.n_tup_upd + s.n_tup_del)) AS counted (what, times)
    WHERE s.relid >= 16384 AND times > 0 AND c.relkind IN ('r', 'p', 'm') AND c.relpersistence <> 't'
  UNION ALL
  SELECT 'body ' || funcid, schemaname || '.' || funcname, 'function', 'Call'
    FROM pg_catalog.pg_stat_xact_user_functions WHERE calls > 0`;

/**
 * What others may rest on, and what of it counts as a change. Of most it is only that it comes or goes; of relations also another
 * name, owner or other rights (not their whole row: CREATE INDEX notes in pg_class that there is one, and nobody minds); of names
 * whose they are; of functions anything.
 */
const OBJECTS = `SELECT 'pg_class ' || oid AS id, concat_ws(' ', relnamespace, relname, relowner, relacl) AS version FROM pg_class
    WHERE oid >= 16384 AND relkind IN ('r', 'p', 'v', 'm', 'S', 'f', 'c') AND relpersistence <> 't'
  UNION ALL SELECT format('name %I.%I', relnamespace::regnamespace, relname), oid::text FROM pg_class
    WHERE oid >= 16384 AND relkind <> 't' AND relpersistence <> 't' AND relnamespace <> 'pg_toast'::regnamespace
  UNION ALL SELECT format('type %I.%I', typnamespace::regnamespace, typname), oid::text FROM pg_type
    WHERE oid >= 16384 AND typcategory <> 'A' AND typrelid = 0
  UNION ALL SELECT 'pg_type ' || oid, '' FROM pg_type WHERE oid >= 16384 AND typrelid = 0 AND typcategory <> 'A'
  UNION ALL SELECT 'pg_constraint ' || oid, '' FROM pg_constraint
    WHERE oid >= 16384 AND connamespace::regnamespace::text !~ '^pg_temp_'
  UNION ALL SELECT 'pg_proc ' || oid, '' FROM pg_proc WHERE oid >= 16384
  UNION ALL SELECT 'body ' || oid, xmin::text FROM pg_proc WHERE oid >= 16384
  ${['operator', 'opclass', 'opfamily', 'cast', 'collation', 'namespace', 'language', 'ts_config', 'ts_dict']
    .concat(['foreign_data_wrapper', 'foreign_server', 'am', 'extension', 'publication'])
    .map((name) => `UNION ALL SELECT 'pg_${name} ' || oid, '' FROM pg_${name} WHERE oid >= 16384`)
    .join(' ')}`;

const DEPENDENCIES = `SELECT classid::regclass || ' ' || objid || ' ' || objsubid || '>' || refclassid::regclass || ' ' || refobjid AS id,
    refclassid::regclass || ' ' || refobjid AS on
  FROM pg_depend WHERE refobjid >= 16384 AND deptype IN ('n', 'a')`;

/** Runs jobs as a single session a file would, and keeps what each touched. */
export class TouchSessions {
  readonly touched = new Map<number, Touches>();
  readonly #scratch: Scratch;
  readonly #database: string;
  #session: { readonly script: number; readonly client: pg.Client } | undefined;
  #isInBlock = false;
  #objects = new Map<string, string>();
  #dependencies = new Set<string>();
  readonly #names = new Map<string, string>();

  constructor(scratch: Scratch, database: string) {
    this.#scratch = scratch;
    this.#database = database;
  }

  /** What is there before the first job. */
  async begin(): Promise<void> {
    await this.#changes(new Map());
  }

  async run(job: Job): Promise<string | undefined> {
    const client = await this.#clientOf(job.script ?? 0);
    const found: Touches = new Map();
    this.touched.set(job.id, found);
    const mayBeThere = job.steps.some(({ statement }) =>
      IF_NOT_EXISTS.test(renderTemplate(statement.text).text),
    );
    for (const step of job.steps) {
      const fault = await this.#step(client, step, found);
      if (fault !== undefined) return `${job.name}: ${fault}`;
    }
    if (mayBeThere) for (const { modes } of found.values()) modes.delete('ShareLock');
    await this.#changes(found);
    // The counters of a transaction begin where the last flush was.
    if (!this.#isInBlock) await sendText(client, 'SELECT pg_catalog.pg_stat_force_next_flush()');
    return undefined;
  }

  async close(): Promise<void> {
    await this.#session?.client.end();
  }

  async #step(client: pg.Client, { statement, values }: Step, found: Touches): Promise<string | undefined> {
    if (statement.echo !== undefined) return undefined;
    const { text } = renderTemplate(statement.text, values);
    const input = copyInputs(statement.data ?? []);
    const send = async (): Promise<string | undefined> =>
      (await client.query(new StatementQuery(text, { input })).done).failure?.message;
    const { control } = statement.facts;
    if (control === 'begin') this.#isInBlock = true;
    if (this.#isInBlock) {
      // Behind it locks may be gone, also where a block goes on (savepoints, AND CHAIN).
      if (control !== 'begin' && control !== 'none') await this.#look(client, text, found);
      if (control === 'commit' || control === 'rollback' || control === 'prepare') this.#isInBlock = false;
      return send();
    }
    await sendText(client, 'BEGIN');
    const fault = await send();
    if (fault !== undefined) {
      await sendText(client, 'ROLLBACK');
      // It cannot be in a block.
      return send();
    }
    const late = await sendText(client, 'SET CONSTRAINTS ALL IMMEDIATE');
    if (late !== undefined) {
      await sendText(client, 'ROLLBACK');
      return late;
    }
    await this.#look(client, text, found);
    return sendText(client, 'COMMIT');
  }

  async #look(client: pg.Client, text: string, found: Touches): Promise<void> {
    const { rows } = await client.query<Row>(TOUCHES);
    for (const { id, name, kind, mode } of rows) {
      const one = touch(
        found,
        id,
        mode === 'AccessExclusiveLock' && TRUNCATES.test(text) ? 'Truncate' : mode,
      );
      one.name = name;
      one.kind = kind;
    }
  }

  /** Which objects there are that were not, or are others, or are gone; and what is rested on that was not before. */
  async #changes(found: Touches): Promise<void> {
    const { rows } = await this.#ask<{ id: string; version: string }>(OBJECTS);
    const now = new Map(rows.map(({ id, version }) => [id, version]));
    for (const [id, version] of now) if (this.#objects.get(id) !== version) touch(found, id, 'Change');
    for (const id of this.#objects.keys()) if (!now.has(id)) touch(found, id, 'Change');
    this.#objects = now;
    const { rows: resting } = await this.#ask<{ id: string; on: string }>(DEPENDENCIES);
    for (const { id, on } of resting) if (!this.#dependencies.has(id)) touch(found, on, 'Depend');
    this.#dependencies = new Set(resting.map(({ id }) => id));
    const nameless = [...found].flatMap(([id, { name }]) =>
      name === id && id.startsWith('pg_') ? [id] : [],
    );
    for (const id of nameless) {
      const [catalog, oid] = id.split(' ');
      const { rows: named } = await this.#ask<{ name: string | null }>(
        `SELECT pg_describe_object('${catalog}'::regclass, ${oid}, 0) AS name`,
      );
      const name = named[0]?.name ?? this.#names.get(id);
      if (name !== undefined) this.#names.set(id, name);
      touch(found, id).name = name ?? id;
    }
  }

  #ask<T extends pg.QueryResultRow>(query: string): Promise<pg.QueryResult<T>> {
    return this.#scratch.ask<T>(this.#database, query);
  }

  async #clientOf(script: number): Promise<pg.Client> {
    if (this.#session?.script === script) return this.#session.client;
    // A file's session ends where psql's would, and takes along what rests on its temporary objects.
    if (this.#session !== undefined) await this.#endSession(this.#session.client);
    const client = await this.#scratch.connect(this.#database, '-c track_functions=all');
    this.#session = { script, client };
    this.#isInBlock = false;
    return client;
  }

  async #endSession(client: pg.Client): Promise<void> {
    const { rows } = await client.query<{ pid: number }>('SELECT pg_catalog.pg_backend_pid() AS pid');
    await client.end();
    const isThere = `SELECT FROM pg_catalog.pg_stat_activity WHERE pid = ${rows[0]?.pid ?? 0}`;
    while (((await this.#ask(isThere)).rowCount ?? 0) > 0) await setTimeout(1);
    await this.#changes(new Map());
  }
}

interface Row {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly mode: string;
}

function touch(found: Touches, id: string, mode?: string): Touched {
  const known = found.get(id) ?? { name: id, kind: '', modes: new Set() };
  if (mode !== undefined) known.modes.add(mode);
  found.set(id, known);
  return known;
}

const TRUNCATES = /^\s*TRUNCATE\b/i;

/** Such an index may be there, and the lock means nothing then. */
const IF_NOT_EXISTS = /^\s*CREATE\s+(?:UNIQUE\s+)?INDEX\s+IF\s+NOT\s+EXISTS\b/i;
