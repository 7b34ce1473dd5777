import type { RunEvent } from '../model/event.js';
import { formatPlace } from '../model/place.js';
import { diagnosticText } from './diagnostic-text.js';
import { failureHeadline } from './failure-text.js';
import { formatCount, formatDuration, formatPlural } from './format.js';
import type { Paint } from './paint.js';

/**
 * What a user should see at once, whatever else is on the screen: the server's notices, warnings, failures, lost
 * connections and that the run is being cancelled. Bars print it above themselves, plain lines between the others.
 * A failure is its headline here; its whole story stands in the summary at the end.
 */
export function remarkText(event: RunEvent, paint: Paint): string | undefined {
  switch (event.type) {
    case 'notice': {
      const { severity, message, detail, hint } = event.notice;
      if (severity === '') return message;
      const lines = [`${formatPlace(event.place)}: ${severityText(severity, paint)}  ${message}`];
      if (detail !== undefined) lines.push(`DETAIL:  ${detail}`);
      if (hint !== undefined) lines.push(`HINT:  ${hint}`);
      return lines.join('\n');
    }
    case 'warning':
      return diagnosticText(event.diagnostic, paint);
    case 'job-failed':
      if (event.cancelled) return undefined;
      return event.failures.map((failure) => failureHeadline(failure, paint, event.target)).join('\n');
    case 'job-retrying': {
      const { place, failure, target, attempt, delay } = event;
      const headline = failureHeadline({ place, failure }, paint, target);
      return `${headline}; again in ${formatDuration(delay)} (attempt ${attempt})`;
    }
    case 'connection-lost':
      return `pqrun: ${paint.warning('warning:')} lost connection ${event.connection + 1}: ${event.message}`;
    case 'run-cancelling':
      return `pqrun: ${event.reason}: cancelling the running statements, nothing new starts`;
    case 'run-paused':
      return `pqrun: paused: ${event.reason}`;
    case 'run-resumed':
      return `pqrun: goes on after ${formatDuration(event.paused)}`;
    case 'run-draining':
      return `pqrun: ${event.reason}: nothing new starts, waiting for the running statements`;
    case 'journal-read': {
      const { run, before, units, others } = event;
      if (others !== undefined)
        return `pqrun: joins ${formatPlural(others, 'other pqrun')} at work on run "${run}": ${formatCount(before)} of ${formatPlural(units, 'statement')} done so far`;
      if (before === 0) return undefined;
      const rest = before === units ? 'nothing is left to do' : `${formatCount(units - before)} left`;
      return `pqrun: run "${run}" goes on: ${formatCount(before)} of ${formatPlural(units, 'statement')} done before, ${rest}`;
    }
    case 'split-cut': {
      const { name, target, rows, pieces, source } = event;
      const where = target === undefined ? name : `${name}@${target}`;
      const into = pieces === undefined ? 'pieces by time' : formatPlural(pieces, 'piece');
      return `pqrun: ${where}: about ${formatPlural(rows, 'row')} in ${into}, cut by ${source}`;
    }
    case 'run-started':
    case 'plan-ready':
    case 'connection-opened':
    case 'connection-closed':
    case 'job-started':
    case 'job-progress':
    case 'statement-finished':
    case 'job-finished':
    case 'job-done-elsewhere':
    case 'job-unneeded':
    case 'job-skipped':
    case 'run-finished':
      return undefined;
    default:
      event satisfies never;
      return undefined;
  }
}

function severityText(severity: string, paint: Paint): string {
  const label = `${severity}:`;
  return severity === 'WARNING' ? paint.warning(label) : label;
}
