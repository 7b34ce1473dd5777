import { availableParallelism } from 'node:os';
import type { ConnectionFlags } from '../db/settings/resolve.js';
import type { Listener } from '../model/event.js';
import { parseMergeOrder, type MergeOrder } from '../model/merge-order.js';
import { DEFAULT_PRINT, type PrintSettings } from '../model/print.js';
import type { Order, Show } from '../model/script.js';
import type { SplitCopy } from '../plan/copy-pieces.js';
import { DEFAULT_RETRIES } from '../run/retry.js';
import type { Manifest } from '../script/manifest.js';
import { valueOf } from './value-of.js';

/** How fast a run may go: so many rows a second, or so many jobs. */
export type Rate = { readonly rows: number } | { readonly jobs: number };

/**
 * What `run` and `plan` take. Everything is optional except that there must be something to run. Where a manifest is
 * among the inputs, its defaults fill in what is not given here.
 */
export interface RunOptions extends InputOptions {
  /** Start a real PostgreSQL for this run: throw-away, or kept in the named directory. */
  readonly embedded?: boolean | string;
  /** Threads that hold the connections; default one a core. */
  readonly threads?: number;
  /** After a failure, run everything that does not depend on it. */
  readonly keepGoing?: boolean;
  /** After a failure, let running jobs finish (default) or cancel them. */
  readonly onError?: 'finish' | 'cancel';
  /** How often a job may be begun again after a failure that passes by itself; default 6. */
  readonly retries?: number;
  /** Milliseconds after which the server cancels a statement, gives up a lock, ends a session that is idle in a transaction. */
  readonly statementTimeout?: number;
  readonly lockTimeout?: number;
  readonly idleInTransactionTimeout?: number;
  /** Milliseconds after which the run is stopped, from its first job on; it ends as `failed`. */
  readonly deadline?: number;
  /** When the run is interrupted, what runs is waited for instead of cancelled. */
  readonly drain?: boolean;
  /** How fast it may go: nothing new starts while more has been done than that. */
  readonly maxRate?: Rate;
  /** Nothing new starts while the first value of this query is true, or a text that says why. */
  readonly pauseWhen?: string;
  /** Milliseconds: nothing new starts while a replica is further behind. */
  readonly maxReplicaLag?: number;
  /** Nothing new starts while more sessions than these, of others, run something. */
  readonly maxActive?: number;
  /** Record what is done in tables of this schema (true: `pqrun`), so that the next run goes on where this one stopped. */
  readonly journal?: boolean | string;
  /** The run's name in the journal; default: the names of its inputs. */
  readonly run?: string;
  /** Forget what the journal knows of the run. */
  readonly restart?: boolean;
  /** Do what is new in the scripts, and leave what is done, even where that rests on it. */
  readonly acceptChanges?: boolean;
  /** Work on the run together with other pqruns, which have this option, too. */
  readonly join?: boolean;
  /** SQL to run once on each connection after it is opened. */
  readonly initSql?: string;
  /** SQL to run once on each connection before it is closed. */
  readonly exitSql?: string;
  /**
   * Cores of the server, which jobs and the server's own parallel workers share. Default: those of this machine if the
   * server runs on it; else, and with `off`, nothing is said to the server about its workers.
   */
  readonly serverCores?: number | 'off';
  /** Server settings of every session. */
  readonly set?: Readonly<Record<string, string>>;
  /** Every commit waits for the disk, as in psql; otherwise one flush at the end makes all of them durable. */
  readonly synchronousCommit?: boolean;
  /** Weigh jobs by how long they took last time, and remember how long they take now (a file in the cache directory). */
  readonly history?: boolean;
  /** Databases that the run goes to, side by side; `jobs` is then per target. Instead of the one of `connection`. */
  readonly targets?: readonly NamedTarget[];
  /** A query on the database of `connection` that gives the targets: their names and DSNs. */
  readonly targetsFrom?: string;
  /** Each schema whose name is LIKE this pattern is a target: search_path leads there. */
  readonly eachSchema?: string;
  /** Of all targets together. Where they are fewer than targets, some targets wait for others to be done. */
  readonly maxConnections?: number;
  /** Results have the name of their target as the first column. */
  readonly withTarget?: boolean;
  /** The run is done with the first row that any target gives. */
  readonly first?: boolean;
  /** Each target's rows are sorted by these columns, `a, b desc`; so are then those of all together. */
  readonly mergeOrder?: string;
  /** Gets every event of the run, in order. */
  readonly onEvent?: Listener;
  /**
   * Gets the results of queries as `print` says, in the written order: text, or bytes of it in UTF-8. The next piece waits
   * for a promise that it returns, and so does the server.
   */
  readonly onResult?: ResultListener;
  /** Gets what scripts print beside results (`\\echo`, echoed statements); without it that goes to `onResult`, or nowhere when the results are JSON. */
  readonly onEcho?: ResultListener;
  /** Each query's results go into a file of their own in this directory, `<script>.<n>.csv`, and not to `onResult`. */
  readonly resultDirectory?: string;
  /** Results as they come; those of one job always stay together. */
  readonly unordered?: boolean;
  /** Aborting cancels the running statements on the server; the run then ends as `interrupted`. */
  readonly signal?: AbortSignal;
  /**
   * For tests of a plan: a seed. Of the jobs that may start any is taken, instead of the one with the longest path
   * behind it, so that a missing edge shows up. The same seed gives the same choice.
   */
  readonly shuffle?: number;
}

export type ResultListener =
  ((data: string | Uint8Array) => void) | ((data: string | Uint8Array) => Promise<void>);

/** A database that a run goes to, under the name that messages and results have for it. */
export interface NamedTarget {
  readonly name: string;
  /** A URI, a keyword/value string, or the name of a database of the server that `connection` leads to. */
  readonly dsn: string;
}

/** What is to be run, and how it is cut and ordered. */
export interface InputOptions {
  /** Files, directories, manifests; `-` is standard input. */
  readonly paths?: readonly string[];
  /** SQL texts, run before the paths. */
  readonly commands?: readonly string[];
  /** Files that list scripts, one a line. */
  readonly filesFrom?: readonly string[];
  /** psql variables. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Puts a question of `\prompt` to a person; without it a script that asks is refused. */
  readonly ask?: (question: string) => string;
  /** How results are printed, where scripts say nothing else. */
  readonly print?: Partial<PrintSettings>;
  /** Flags of the connection, before DATABASE_URL, PG* variables, the service file and libpq's defaults. */
  readonly connection?: ConnectionFlags;
  /** Persistent connections; default the machine's cores. */
  readonly jobs?: number;
  readonly order?: Order;
  /** With `order: 'auto'`: rows that are appended to one table are appended in the written order. */
  readonly strictOrder?: boolean;
  /** Each script is one transaction. */
  readonly singleTransaction?: boolean;
  /** All jobs read the same moment of the database: each is one transaction that begins with the run's snapshot. */
  readonly snapshot?: boolean;
  /** Whether one COPY is loaded by several connections: where nobody could tell (default), always, or never. */
  readonly splitCopy?: SplitCopy;
  /** With `order: 'auto'`: an INSERT of a long series is split without a directive where its rows are provably the same. */
  readonly autoSplit?: boolean;
  /** Splits over records send their columns as parameters, wherever a statement has `$1`. */
  readonly bind?: boolean;
  /** Parse every statement before anything runs (default). */
  readonly syntaxCheck?: boolean;
}

/** Options with every default filled in. */
export interface SettledOptions {
  readonly jobs: number;
  readonly threads: number;
  readonly order: Order;
  readonly strictOrder: boolean;
  readonly singleTransaction: boolean;
  readonly snapshot: boolean;
  readonly syntaxCheck: boolean;
  readonly keepGoing: boolean;
  readonly onError: 'finish' | 'cancel';
  readonly retries: number;
  /** The journal's schema; undefined: there is none. */
  readonly journal: string | undefined;
  readonly initSql: string;
  readonly exitSql: string;
  readonly serverSettings: Readonly<Record<string, string>>;
  /** `measured`: those of this machine, if the server runs on it. */
  readonly serverCores: number | 'off' | 'measured';
  readonly synchronousCommit: boolean;
  readonly show: Show;
  readonly splitCopy: SplitCopy;
  readonly autoSplit: boolean;
  readonly unordered: boolean;
  readonly targets: readonly NamedTarget[];
  readonly maxConnections: number | undefined;
  readonly mergeOrder: MergeOrder | undefined;
  readonly resultDirectory: string | undefined;
  readonly bind: boolean;
}

/** Threads a core: more of them cost memory and start-up time and win nothing (a thread only passes messages). */
const THREADS_PER_CORE = 1;

/** The command line wins over the manifest, the manifest over the defaults. */
export function settleOptions(
  options: RunOptions,
  {
    defaults: manifest = {},
    targets: manifestTargets = [],
  }: Partial<Pick<Manifest, 'defaults' | 'targets'>> = {},
): SettledOptions {
  const cores = availableParallelism();
  const synchronousCommit = options.synchronousCommit ?? false;
  return {
    jobs: options.jobs ?? manifest.jobs ?? cores,
    threads: options.threads ?? manifest.threads ?? THREADS_PER_CORE * cores,
    order: options.order ?? manifest.order ?? 'auto',
    strictOrder: options.strictOrder ?? manifest['strict-order'] ?? false,
    singleTransaction: options.singleTransaction ?? manifest['single-transaction'] ?? false,
    snapshot: options.snapshot ?? manifest.snapshot ?? false,
    syntaxCheck: options.syntaxCheck ?? manifest['syntax-check'] ?? true,
    keepGoing: options.keepGoing ?? manifest['keep-going'] ?? false,
    onError: options.onError ?? 'finish',
    retries: options.retries ?? manifest.retries ?? DEFAULT_RETRIES,
    journal: journalSchema(options.journal ?? manifest.journal ?? false),
    initSql: options.initSql ?? manifest['init-sql'] ?? '',
    exitSql: options.exitSql ?? manifest['exit-sql'] ?? '',
    synchronousCommit,
    serverCores: options.serverCores ?? manifest['server-cores'] ?? 'measured',
    splitCopy: options.splitCopy ?? manifest['split-copy'] ?? 'auto',
    autoSplit: options.autoSplit ?? manifest['auto-split'] ?? false,
    unordered: options.unordered ?? false,
    targets: options.targets ?? manifestTargets,
    maxConnections: options.maxConnections ?? manifest['max-connections'],
    mergeOrder:
      options.mergeOrder === undefined ? undefined : valueOf(parseMergeOrder(options.mergeOrder)).value,
    resultDirectory: options.resultDirectory,
    bind: options.bind ?? manifest.bind ?? false,
    show: {
      print: { ...DEFAULT_PRINT, ...options.print },
      timing: false,
      echo: options.variables?.ECHO?.toLowerCase() === 'queries',
    },
    serverSettings: {
      ...(synchronousCommit ? {} : { synchronous_commit: 'off' }),
      ...timeouts(options),
      ...manifest.set,
      ...options.set,
    },
  };
}

function journalSchema(journal: boolean | string): string | undefined {
  return journal === true ? 'pqrun' : journal === false ? undefined : journal;
}

function timeouts({
  statementTimeout,
  lockTimeout,
  idleInTransactionTimeout,
}: RunOptions): Readonly<Record<string, string>> {
  const given = [
    ['statement_timeout', statementTimeout],
    ['lock_timeout', lockTimeout],
    ['idle_in_transaction_session_timeout', idleInTransactionTimeout],
  ] as const;
  return Object.fromEntries(
    given.flatMap(([name, milliseconds]) =>
      milliseconds === undefined ? [] : [[name, String(milliseconds)]],
    ),
  );
}
