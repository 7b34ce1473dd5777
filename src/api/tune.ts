import { WalkReader } from '../db/walk/walk-reader.js';
import { WalkFault } from '../db/walk/walk-facts.js';
import { InputError } from '../model/diagnostic.js';
import type { Measured, TunePlan, Tuning } from '../model/tune.js';
import { isChunkSplit, type Script, type Statement } from '../model/script.js';
import { filledPiece } from '../plan/chunk-pieces.js';
import { cutAxis } from '../plan/cut.js';
import { cutSplit, pieceValues } from '../plan/pieces.js';
import { cut } from '../plan/units.js';
import { renderTemplate } from '../script/template.js';
import { findInputs } from './inputs.js';
import { settleOptions, type RunOptions, type SettledOptions } from './options.js';
import { readPlan } from './prepare.js';
import { initSettings } from './read-sql.js';
import { serverAsker, type Asked } from './record-asker.js';
import { ConnectError, NeededServer } from './server.js';
import { axisRequest } from './table-split.js';
import { Trials, type TrialSource } from './trials.js';

export interface TuneOptions extends RunOptions {
  /** Told of each split before anything of it is tried. */
  readonly onBegin?: (plan: TunePlan) => void;
  /** Milliseconds that each size is tried on each number of connections; default 1000. */
  readonly trial?: number;
  /** Rows a piece; default: some from 1,000 on. */
  readonly sizes?: readonly number[];
}

/**
 * Tries how many rows a piece of a split should have, and on how many connections: pieces from all over the table are done in
 * transactions that are rolled back, and timed. Of each split in the scripts one after another. Rejects as `plan` does; a statement
 * that fails is an InputError with its place. When `signal` is aborted, what runs is cancelled, and what is known by then returned.
 */
export async function tune(options: TuneOptions): Promise<readonly Tuning[]> {
  const inputs = await findInputs(options);
  const settled = settleOptions(options, inputs.manifest);
  const needed = new NeededServer(options);
  try {
    const { plan } = await readPlan({
      inputs,
      options,
      settled: { ...settled, order: 'sequential' },
      askRecords: serverAsker(settled, needed),
      askCatalog: undefined,
      targetNames: [],
    });
    const splits = splitsOf(plan.scripts);
    if (splits.length === 0) throw new InputError([{ severity: 'error', ...NO_SPLIT }]);
    const asked = { settings: (await needed.find()).value, serverSettings: settled.serverSettings };
    const tuned: Tuning[] = [];
    for (const split of splits)
      if (options.signal?.aborted !== true)
        tuned.push(
          await tuneSplit(split, { asked, options, settled, initSql: await initSettings(settled.initSql) }),
        );
    return tuned;
  } finally {
    await needed.stop();
  }
}

const NO_SPLIT = {
  message: 'there is no split whose size could be tuned',
  hint: 'write -- pqrun: split range=table.column (or rows=N, blocks=table) before a statement',
};

interface Split {
  readonly statement: Statement;
  /** What the script has SET before it. */
  readonly context: readonly string[];
}

function splitsOf(scripts: readonly Script[]): readonly Split[] {
  return scripts.flatMap(({ statements }) =>
    cut(statements).flatMap(({ kind, statements: [statement], context }) => {
      const split = statement?.directives.split;
      if (kind !== 'statement' || statement === undefined || (split?.by !== 'rows' && !isChunkSplit(split)))
        return [];
      return { statement, context: context.map((step) => renderTemplate(step.statement.text).text) };
    }),
  );
}

interface Tuner {
  readonly asked: Asked;
  readonly options: TuneOptions;
  readonly settled: SettledOptions;
  readonly initSql: readonly string[];
}

async function tuneSplit(split: Split, tuner: Tuner): Promise<Tuning> {
  const { statement } = split;
  const { options, settled, asked, initSql } = tuner;
  const context = [...initSql, ...split.context];
  const source = await sourceOf(statement, asked, context);
  const connections = countsUpTo(settled.jobs);
  const sizes = (options.sizes ?? SIZES).filter((size) => size <= Math.max(source.rows, 1));
  const time = (options.trial ?? TRIAL) * sizes.length * connections.length;
  const { place } = statement;
  const verb = renderTemplate(statement.text).text.trim().split(/\s/, 1)[0]?.toUpperCase() ?? '';
  const plan = { place, verb, rows: source.rows, sizes, connections, time };
  options.onBegin?.(plan);
  const trials = await Trials.open(asked, {
    context,
    count: Math.max(...connections),
    trial: options.trial ?? TRIAL,
    signal: options.signal,
  });
  try {
    const found = await trials.all(plan, source);
    const all = found.flatMap(({ measured }) => measured.flatMap((one) => one ?? []));
    const best = all.reduce<Measured | undefined>(
      (one, other) => (one === undefined || other.rate > one.rate ? other : one),
      undefined,
    );
    return {
      place,
      verb,
      rows: source.rows,
      connections,
      sizes: found,
      ...(best === undefined ? {} : { best }),
    };
  } finally {
    await trials.close();
  }
}

async function sourceOf(
  statement: Statement,
  asked: Asked,
  context: readonly string[],
): Promise<TrialSource> {
  const { split } = statement.directives;
  if (split?.by === 'rows')
    return {
      rows: split.rows,
      pieces: (size) =>
        cutSplit({ by: 'rows', rows: split.rows, size, place: split.place }, 1).map((piece) => ({
          text: renderTemplate(statement.text, pieceValues(piece)).text,
          rows: piece.rows,
        })),
    };
  if (!isChunkSplit(split)) throw new RangeError('no split');
  const opened = await WalkReader.open(asked.settings, asked.serverSettings);
  if (!opened.ok) throw new ConnectError(opened.failure);
  const { reader } = opened;
  try {
    const facts = await reader.facts(split, context);
    if (facts === undefined) throw new WalkFault(`there is no table ${split.table.name} to be split`);
    const request = axisRequest(split, { rows: facts.rows, connections: 1 });
    const { axis } = await reader.axis(facts, { ...request, pieces: undefined }, context);
    return {
      rows: Math.round(axis.rows.reduce((sum, one) => sum + one, 0)),
      pieces: (size) =>
        cutAxis(axis, { size }).map(({ from, to, rows }, index) => {
          const { step } = filledPiece(statement, split, {
            piece: { ...axis.values(from, to), rows },
            index,
            count: 0,
          });
          return { text: renderTemplate(step.statement.text, step.values).text, rows };
        }),
    };
  } catch (error) {
    if (!(error instanceof WalkFault)) throw error;
    const { message, hint } = error;
    throw new InputError([
      { severity: 'error', message, place: split.place, ...(hint === undefined ? {} : { hint }) },
    ]);
  } finally {
    await reader.close();
  }
}

/** 1, 2, 4 …, and the most. */
function countsUpTo(most: number): readonly number[] {
  const counts: number[] = [];
  for (let count = 1; count < most; count *= 2) counts.push(count);
  return [...counts, most];
}

const SIZES = [1000, 3000, 10_000, 30_000, 100_000, 300_000, 1_000_000];
/** Milliseconds. */
const TRIAL = 1000;
