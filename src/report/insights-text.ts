import { shortenEnd } from '../model/text-width.js';
import { formatCount, formatPlural, formatShare } from './format.js';
import {
  connectionInsights,
  eachPhase,
  lifeOf,
  PHASES,
  spreadOf,
  totalTimes,
  workingRatio,
  type ConnectionInsight,
  type Phase,
  type Spread,
} from './insights.js';
import type { Paint } from './paint.js';
import type { RunSummary } from './run-summary.js';
import { slowLines } from './slow-lines.js';
import { slowest } from './slow-statements.js';

/**
 * `--insights`: what each connection's time went into, as a table in one unit, and the slowest statements.
 *
 *             start-up   init  waiting  working  exit  ratio  jobs
 *      1          31.2  201.4     12.0   1200.3   0.4   83 %     7
 *      2          29.8  201.1    402.5    810.0   0.5   56 %     6
 *      total      61.0  402.5    414.5   2010.3   0.9   70 %    13
 *
 * Of many connections only the totals and the spread. On a narrow terminal the number of jobs goes first.
 */
export interface InsightsStyle {
  /** Of the terminal. */
  readonly columns: number;
  readonly paint: Paint;
}

const MOST_LISTED = 16;
const SLOWEST = 5;
/** From here on milliseconds are noise. */
const SECONDS_FROM = 100_000;
const HEADS: Readonly<Record<Phase, string>> = {
  startup: 'start-up',
  init: 'init',
  waiting: 'waiting',
  working: 'working',
  exit: 'exit',
};

/** Empty when no connection was opened; else without a newline at its end. */
export function insightsText(summary: RunSummary, { columns, paint }: InsightsStyle): string {
  const insights = connectionInsights(summary);
  if (insights.length === 0) return '';
  const width = columns - 1;
  const [title = '', head = '', ...rows] = tableLines(insights, width);
  const lines = [paint.strong(title), paint.faint(head), ...rows];
  const slow = slowest(summary.slow, SLOWEST);
  if (slow.length > 0) lines.push('', paint.strong('slowest statements'), ...slowLines(slow, width));
  return lines.join('\n');
}

/** One line of the table: its label and cells by column, those that have nothing to say left out. */
interface Row {
  readonly label: string;
  readonly cells: Readonly<Partial<Record<Column, string>>>;
}

type Column = Phase | 'ratio' | 'jobs' | 'opened';

function tableLines(insights: readonly ConnectionInsight[], width: number): readonly string[] {
  const { unit, format } = unitFor(insights);
  const listed = insights.length <= MOST_LISTED ? insights.map((one) => connectionRow(one, format)) : [];
  const rows = [headRow(), ...listed, ...totalRows(insights, format), ...spreadRows(insights, format)];
  const renewed = insights.some(({ openings }) => openings > 1);
  const all: Column[] = [...PHASES, 'ratio', 'jobs', ...(renewed ? (['opened'] as const) : [])];
  const table = [all, [...PHASES, 'ratio' as const]].map((columns) => aligned(rows, columns));
  const fitting = table.find((lines) => lines.every((line) => line.length <= width)) ?? table.at(-1) ?? [];
  const title = `insights: ${formatPlural(insights.length, 'connection')}, times in ${unit}`;
  return [title, ...fitting].map((line) => shortenEnd(line, width));
}

interface Unit {
  readonly unit: 'ms' | 's';
  readonly format: (milliseconds: number) => string;
}

/** One unit for all cells, so that they can be compared at a glance. */
function unitFor(insights: readonly ConnectionInsight[]): Unit {
  const longest = Math.max(...insights.map(({ times }) => lifeOf(times)));
  if (longest < SECONDS_FROM) return { unit: 'ms', format: (milliseconds) => milliseconds.toFixed(1) };
  return { unit: 's', format: (milliseconds) => (milliseconds / 1000).toFixed(1) };
}

function headRow(): Row {
  return { label: '', cells: { ...HEADS, ratio: 'ratio', jobs: 'jobs', opened: 'opened' } };
}

function connectionRow({ connection, ...one }: ConnectionInsight, format: Unit['format']): Row {
  return {
    label: String(connection + 1),
    cells: {
      ...eachPhase((phase) => format(one.times[phase])),
      ratio: formatShare(one.ratio),
      jobs: formatCount(one.jobs),
      opened: formatCount(one.openings),
    },
  };
}

/** The sum where there is something to sum up, and what share of the connections' lives each phase is. */
function totalRows(insights: readonly ConnectionInsight[], format: Unit['format']): readonly Row[] {
  const total = totalTimes(insights.map(({ times }) => times));
  const life = lifeOf(total);
  const count = (values: readonly number[]): string =>
    formatCount(values.reduce((sum, each) => sum + each, 0));
  const shares = {
    label: 'share',
    cells: eachPhase((phase) => formatShare(life === 0 ? 0 : total[phase] / life)),
  };
  if (insights.length === 1) return [shares];
  const cells = {
    ...eachPhase((phase) => format(total[phase])),
    ratio: formatShare(workingRatio(total)),
    jobs: count(insights.map(({ jobs }) => jobs)),
    opened: count(insights.map(({ openings }) => openings)),
  };
  return [{ label: 'total', cells }, shares];
}

function spreadRows(insights: readonly ConnectionInsight[], format: Unit['format']): readonly Row[] {
  if (insights.length === 1) return [];
  const of = (phase: Phase): Spread => spreadOf(insights.map(({ times }) => times[phase]));
  const times = eachPhase(of);
  const ratio = spreadOf(insights.map((one) => one.ratio));
  const jobs = spreadOf(insights.map((one) => one.jobs));
  const row = (label: string, pick: keyof Spread): Row => ({
    label,
    cells: {
      ...eachPhase((phase) => format(times[phase][pick])),
      ratio: formatShare(ratio[pick]),
      jobs: pick === 'least' || pick === 'most' ? formatCount(jobs[pick]) : jobs[pick].toFixed(1),
    },
  });
  const spread = [row('mean', 'mean'), row('std', 'deviation')];
  return insights.length <= MOST_LISTED ? spread : [...spread, row('least', 'least'), row('most', 'most')];
}

function aligned(rows: readonly Row[], columns: readonly Column[]): readonly string[] {
  const cell = (row: Row, column: Column): string => row.cells[column] ?? '';
  const labels = Math.max(...rows.map(({ label }) => label.length));
  const widths = columns.map((column) => Math.max(...rows.map((row) => cell(row, column).length)));
  return rows.map((row) => {
    const cells = columns.map((column, index) => cell(row, column).padStart(widths[index] ?? 0));
    return `  ${row.label.padEnd(labels)}  ${cells.join('  ')}`.trimEnd();
  });
}
