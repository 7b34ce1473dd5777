import { describe, expect, it } from 'vitest';
import { isBuiltInAggregate } from '../../src/plan/catalog/built-in-aggregates.js';
import { builtInFunction } from '../../src/plan/catalog/built-in-functions.js';
import {
  builtInRelation,
  isBuiltInType,
  isInformationSchemaType,
  isInformationSchemaView,
} from '../../src/plan/catalog/built-in-relations.js';
import { IMMUTABLE } from '../../src/plan/catalog/immutable-functions.js';
import { wordsOf } from '../../src/plan/catalog/word-list.js';
import { openedClient, SERVERS } from './each-server.js';

/** What is known of pg_catalog by heart, compared with what the servers have. */
describe.each(SERVERS)('pg_catalog of the %s server', (kind) => {
  const client = openedClient(kind);

  const names = async (query: string): Promise<string[]> =>
    (await client().query<{ name: string }>(query)).rows.map(({ name }) => name);
  const functions = (condition: string): Promise<string[]> =>
    names(`SELECT DISTINCT proname::text AS name FROM pg_proc
      WHERE pronamespace = 'pg_catalog'::regnamespace AND oid < 16384 AND ${condition}`);
  const relations = (schema: string): Promise<string[]> =>
    names(`SELECT relname::text AS name FROM pg_class
      WHERE relnamespace = '${schema}'::regnamespace AND relkind IN ('r', 'v')`);
  const types = (schema: string): Promise<string[]> =>
    names(`SELECT typname::text AS name FROM pg_type
      WHERE typnamespace = '${schema}'::regnamespace AND typrelid = 0`);

  it('has no function that nobody placed', async () => {
    const unknown = (await functions('true')).filter((name) => builtInFunction(name) === undefined);
    expect(unknown).toEqual([]);
  });

  it('has no volatile function that is thought harmless, but for those that were looked at', async () => {
    const harmless = (await functions("provolatile = 'v'")).filter(
      (name) => builtInFunction(name) === 'pure',
    );
    expect(harmless.filter((name) => !HARMLESS.has(name))).toEqual([]);
  });

  it('has no aggregate that is not known as one', async () => {
    expect((await functions("prokind = 'a'")).filter((name) => !isBuiltInAggregate(name))).toEqual([]);
  });

  it('agrees on what is immutable', async () => {
    const mutable = new Set(await functions("provolatile <> 'i'"));
    expect(wordsOf(IMMUTABLE).filter((name) => mutable.has(name))).toEqual([]);
  });

  it('has no relation and no type that is not known', async () => {
    const catalogs = await relations('pg_catalog');
    expect(catalogs.filter((name) => builtInRelation(name) === undefined)).toEqual([]);
    expect([...catalogs, ...(await types('pg_catalog'))].filter((name) => !isBuiltInType(name))).toEqual([]);
    const views = await relations('information_schema');
    expect(views.filter((name) => !isInformationSchemaView(name))).toEqual([]);
    const domains = (await types('information_schema')).filter((name) => !name.startsWith('_'));
    expect(domains.filter((name) => !isInformationSchemaType(name))).toEqual([]);
  });
});

/** Volatile because they give other values each time, or wait; or they show what the server is busy with, which is not promised. */
const HARMLESS = new Set(
  wordsOf(`
    array_sample array_shuffle bernoulli clock_timestamp current_query gen_random_uuid pg_blocking_pids
    pg_get_aios pg_get_backend_memory_contexts pg_get_loaded_modules pg_get_multixact_members
    pg_get_shmem_allocations pg_get_shmem_allocations_numa pg_get_wait_events pg_is_in_recovery
    pg_jit_available pg_lock_status pg_notification_queue_usage pg_safe_snapshot_blocking_pids pg_sleep
    pg_sleep_for pg_sleep_until pg_stat_get_backend_io pg_stat_get_backend_wal pg_stat_get_io
    pg_stat_get_recovery_prefetch pg_stat_get_xact_blocks_fetched pg_stat_get_xact_blocks_hit
    pg_stat_get_xact_function_calls pg_stat_get_xact_function_self_time pg_stat_get_xact_function_total_time
    pg_stat_get_xact_numscans pg_stat_get_xact_tuples_deleted pg_stat_get_xact_tuples_fetched
    pg_stat_get_xact_tuples_hot_updated pg_stat_get_xact_tuples_inserted
    pg_stat_get_xact_tuples_newpage_updated pg_stat_get_xact_tuples_returned pg_stat_get_xact_tuples_updated
    pg_stat_have_stats pg_xact_commit_timestamp pg_xact_commit_timestamp_origin pg_xact_status random
    random_normal suppress_redundant_updates_trigger system timeofday txid_status uuidv4 uuidv7
  `),
);
