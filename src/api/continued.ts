import { randomInt } from 'node:crypto';
import type { Controls } from '../db/controls.js';
import type { JournalSetup } from '../db/task.js';
import type { CatalogRows } from '../model/catalog-rows.js';
import { InputError, type Diagnostic } from '../model/diagnostic.js';
import type { Inputs } from '../script/discover.js';
import { VERSION } from '../version.js';
import type { RunJournal } from './journal.js';
import type { RunOptions, SettledOptions } from './options.js';
import type { Preparation, Prepared } from './prepare.js';
import type { Target } from './target.js';

/* A run with a journal, up to the moment when it is known what is left to do. Without one nothing of it is loaded. */

interface Named {
  readonly settled: SettledOptions;
  readonly options: RunOptions;
  readonly inputs: Inputs;
}

const NEED_JOURNAL: readonly (readonly [(options: RunOptions) => boolean, string])[] = [
  [({ run }) => run !== undefined, '--run'],
  [({ restart }) => restart === true, '--restart'],
  [({ acceptChanges }) => acceptChanges === true, '--accept-changes'],
  [({ join }) => join === true, '--join'],
];

const UNFIT: readonly (readonly [(settled: SettledOptions) => boolean, string, string])[] = [
  [
    ({ snapshot }) => snapshot,
    '--snapshot',
    'a run that goes on later would read another moment: run without one of them',
  ],
  [
    ({ autoSplit }) => autoSplit,
    '--auto-split',
    'what may be split depends on the database, and is another when the run goes on: write -- pqrun: split rows=N',
  ],
];

/** Undefined: there is none. A run that nobody has named is called as its inputs are. */
export function journalSetup({ settled, options, inputs }: Named): JournalSetup | undefined {
  const { journal: schema } = settled;
  if (schema === undefined) {
    const idle = NEED_JOURNAL.find(([isGiven]) => isGiven(options));
    if (idle === undefined) return undefined;
    const message = `${idle[1]} says something about a journal, and there is none`;
    throw new InputError([{ severity: 'error', message, hint: 'add --journal, or leave it out' }]);
  }
  for (const [isGiven, option, hint] of UNFIT)
    if (isGiven(settled))
      throw new InputError([{ severity: 'error', message: `--journal does not go with ${option}`, hint }]);
  const setup = { schema, run: options.run ?? inputs.names.join(' '), version: VERSION };
  if (options.join !== true) return setup;
  if (settled.keepGoing) throw new InputError([NO_KEEPING_GOING]);
  return { ...setup, participant: randomInt(2 ** 31) };
}

const NO_KEEPING_GOING: Diagnostic = {
  severity: 'error',
  message: '--join does not go with --keep-going',
  hint: 'what fails in one pqrun ends the others, too: run without one of them',
};

export async function openJournal(
  opening: Promise<Target>,
  setup: JournalSetup,
  restart: boolean,
): Promise<RunJournal> {
  const { settings } = await opening;
  const { RunJournal: Journal } = await import('./journal.js');
  return Journal.open(settings, setup, { restart });
}

/** The plan of a run that goes on: what is done is in the database already, so what is left is looked at once more. */
export async function continued(
  journal: RunJournal,
  preparation: Preparation,
  { prepared, controls }: { readonly prepared: Prepared; readonly controls: Controls },
): Promise<Prepared> {
  journal.checkOptions(preparation.settled);
  const whole = journal.prepare(prepared.plan);
  const { readPlan } = await import('./prepare.js');
  if (journal.isJoining) {
    journal.checkSame(whole);
    const askCatalog = await askNow(journal, preparation, controls);
    return readPlan({ ...preparation, askCatalog, done: journal.doneStatements(whole) });
  }
  if (preparation.options.acceptChanges !== true) journal.checkChanges(whole);
  const done = journal.doneStatements(whole);
  return done.every(({ size }) => size === 0) ? prepared : readPlan({ ...preparation, done });
}

/**
 * While others go on, the catalog and what is done change: both are read in one moment. What is in the catalog and not among what is done
 * would be looked at twice.
 */
async function askNow(
  journal: RunJournal,
  { askCatalog, targetNames }: Preparation,
  controls: Controls,
): Promise<Preparation['askCatalog']> {
  const catalogs: CatalogRows[] = [];
  for (const target of Array.from({ length: Math.max(1, targetNames.length) }).keys()) {
    const { rows, also } = await controls.readCatalogWith(target, journal.doneQuery(target));
    journal.learnDone(target, new Set(also));
    catalogs.push(rows);
  }
  return async (target) => catalogs[target] ?? askCatalog?.(target) ?? Promise.reject(new RangeError());
}
