import { printText } from './destination.js';
import type { CommandLine, Flags } from './options.js';
import type { RunOptions } from '../api/options.js';
import { InputError } from '../model/diagnostic.js';

/** `pqrun journal list|show|forget|export`. */

const ACTIONS = ['list', 'show', 'forget', 'export'] as const;

export async function showJournal({ paths, flags }: CommandLine, options: RunOptions): Promise<number> {
  const [action = '', run] = paths;
  if (!ACTIONS.some((known) => known === action))
    throw fault(`pqrun journal knows no “${action}”`, `it knows ${ACTIONS.join(', ')}`);
  if (action !== 'list' && run === undefined)
    throw fault(`pqrun journal ${action} needs the name of a run`, 'pqrun journal list names them');
  const { onJournal } = await import('../api/journal-admin.js');
  const { jobsCsv, jobsText, runsText } = await import('../report/journal-text.js');
  const text = await onJournal(options, async (journal) => {
    if (action === 'list' || run === undefined) return runsText(await journal.runs());
    if (action === 'forget') {
      await journal.forget(run);
      return `run "${run}" is forgotten\n`;
    }
    const jobs = await journal.jobs(run);
    if (action === 'show') return jobsText(jobs);
    return formatOf(flags) === 'csv' ? jobsCsv(jobs) : `${JSON.stringify(jobs, undefined, 2)}\n`;
  });
  return printText([text]);
}

function formatOf({ format }: Flags): string {
  return format ?? 'json';
}

function fault(message: string, hint: string): InputError {
  return new InputError([{ severity: 'error', message, hint }]);
}
