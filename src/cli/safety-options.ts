import type { Command } from 'commander';
import type { Rate } from '../api/options.js';
import { countOrNone, rate, time } from './option-values.js';

/** What only a run takes: how it gets over what breaks, and how long it may take. */
export interface SafetyFlags {
  /** `--journal`: empty; `--journal=SCHEMA`: the schema. */
  readonly journal?: string;
  readonly run?: string;
  readonly restart?: boolean;
  readonly acceptChanges?: boolean;
  readonly join?: boolean;
  readonly retries?: number;
  readonly statementTimeout?: number;
  readonly lockTimeout?: number;
  readonly idleInTransactionTimeout?: number;
  readonly deadline?: number;
  readonly maxRate?: Rate;
  readonly pauseWhen?: string;
  readonly maxReplicaLag?: number;
  readonly maxActive?: number;
  readonly drain?: boolean;
}

export function addSafetyOptions(command: Command): void {
  command
    .optionsGroup('When something breaks:')
    .option(
      '--journal [schema]',
      'record what is done, in tables of this schema (default: pqrun), and go on where a run before has stopped',
    )
    .option('--run <name>', "the run's name in the journal (default: its inputs)")
    .option('--restart', 'forget what the journal knows of the run')
    .option('--accept-changes', 'do what is new in the scripts, even where what is done rests on it')
    .option('--join', 'work on the run together with other pqruns that have this option, too')
    .option(
      '--retries <n>',
      'how often a job may be begun again after a failure that passes by itself: a deadlock, a lost connection (default: 6)',
      countOrNone,
    )
    .option('--statement-timeout <time>', 'cancel statements that take longer: 30s, 5min', time)
    .option('--lock-timeout <time>', 'give up to wait for a lock after that; it is then tried again', time)
    .option(
      '--idle-in-transaction-timeout <time>',
      'end sessions that leave a transaction idle so long',
      time,
    )
    .option('--drain', 'on Ctrl-C and SIGTERM let running statements finish, instead of cancelling them')
    .option('--deadline <time>', 'stop the run after that, as Ctrl-C would', time)
    .optionsGroup('Kindness to the database:')
    .option('--max-rate <rate>', 'not more than so many rows a second (5000), or jobs (20jobs)', rate)
    .option(
      '--pause-when <query>',
      'start nothing new while the first value of this query is true, or a text that says why',
    )
    .option('--max-replica-lag <time>', 'start nothing new while a replica is further behind', time)
    .option(
      '--max-active <n>',
      'start nothing new while more sessions than these, of others, run something',
      countOrNone,
    );
}
