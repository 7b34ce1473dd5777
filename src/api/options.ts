import { availableParallelism } from 'node:os';
import type { ConnectionFlags } from '../db/settings/resolve.js';
import type { Listener } from '../model/event.js';
import { DEFAULT_PRINT, type PrintSettings } from '../model/print.js';
import type { Order, Show } from '../model/script.js';
import type { SplitCopy } from '../plan/copy-pieces.js';
import type { ManifestDefaults } from '../script/manifest-schema.js';

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
  /** Gets every event of the run, in order. */
  readonly onEvent?: Listener;
  /** Gets the results of queries as text in psql's aligned format, in the written order. */
  readonly onResult?: (text: string) => void;
  /** Aborting cancels the running statements on the server; the run then ends as `interrupted`. */
  readonly signal?: AbortSignal;
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
  /** Each script is one transaction. */
  readonly singleTransaction?: boolean;
  /** Whether one COPY is loaded by several connections: where nobody could tell (default), always, or never. */
  readonly splitCopy?: SplitCopy;
  /** Parse every statement before anything runs (default). */
  readonly syntaxCheck?: boolean;
}

/** Options with every default filled in. */
export interface SettledOptions {
  readonly jobs: number;
  readonly threads: number;
  readonly order: Order;
  readonly singleTransaction: boolean;
  readonly syntaxCheck: boolean;
  readonly keepGoing: boolean;
  readonly onError: 'finish' | 'cancel';
  readonly initSql: string;
  readonly exitSql: string;
  readonly serverSettings: Readonly<Record<string, string>>;
  /** `measured`: those of this machine, if the server runs on it. */
  readonly serverCores: number | 'off' | 'measured';
  readonly synchronousCommit: boolean;
  readonly show: Show;
  readonly splitCopy: SplitCopy;
}

/** Threads a core: more of them cost memory and start-up time and win nothing (a thread only passes messages). */
const THREADS_PER_CORE = 1;

/** The command line wins over the manifest, the manifest over the defaults. */
export function settleOptions(options: RunOptions, manifest: ManifestDefaults = {}): SettledOptions {
  const cores = availableParallelism();
  const synchronousCommit = options.synchronousCommit ?? false;
  return {
    jobs: options.jobs ?? manifest.jobs ?? cores,
    threads: options.threads ?? manifest.threads ?? THREADS_PER_CORE * cores,
    order: options.order ?? manifest.order ?? 'sequential',
    singleTransaction: options.singleTransaction ?? manifest['single-transaction'] ?? false,
    syntaxCheck: options.syntaxCheck ?? manifest['syntax-check'] ?? true,
    keepGoing: options.keepGoing ?? manifest['keep-going'] ?? false,
    onError: options.onError ?? 'finish',
    initSql: options.initSql ?? manifest['init-sql'] ?? '',
    exitSql: options.exitSql ?? manifest['exit-sql'] ?? '',
    synchronousCommit,
    serverCores: options.serverCores ?? manifest['server-cores'] ?? 'measured',
    splitCopy: options.splitCopy ?? manifest['split-copy'] ?? 'auto',
    show: {
      print: { ...DEFAULT_PRINT, ...options.print },
      timing: false,
      echo: options.variables?.ECHO?.toLowerCase() === 'queries',
    },
    serverSettings: {
      ...(synchronousCommit ? {} : { synchronous_commit: 'off' }),
      ...manifest.set,
      ...options.set,
    },
  };
}
