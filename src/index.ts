/**
 * pqrun from TypeScript: what the command line does, as functions.
 *
 *     import { run } from 'pqrun';
 *     const { status } = await run({ paths: ['./build-db'], jobs: 4, onEvent: (event) => console.log(event.type) });
 */
export { run } from './api/run.js';
export type { RunResult } from './api/result.js';
export { connect, type ConnectOptions, type ShardTarget } from './api/connect.js';
export type { QueryOptions, Shards } from './db/shards/shards.js';
export type { ShardQuery, ShardResult, TargetRows } from './db/shards/shard-query.js';
export type { ShardField } from './db/shards/row-maker.js';
export { TargetError } from './db/shards/target-error.js';
export { plan, type Planned } from './api/plan.js';
export { check, type Checked, type CheckOptions } from './api/check.js';
export { explain, type Explained, type ExplainOptions } from './api/explain.js';
export type { InputOptions, RunOptions } from './api/options.js';
export { ConnectError } from './api/server.js';
export { InputError, type Diagnostic } from './model/diagnostic.js';
export type * from './model/difference.js';
export type * from './model/event.js';
export type * from './model/explain.js';
export type * from './model/failure.js';
export type * from './model/job.js';
export type * from './model/place.js';
export type * from './model/plan.js';
export type * from './model/script.js';
export type {
  Build,
  CheckOutcome,
  CheckStep,
  Compared,
  FoundDifference,
  Suspects,
} from './report/check-outcome.js';
export type { FailedJob } from './report/run-summary.js';
export { VERSION } from './version.js';
