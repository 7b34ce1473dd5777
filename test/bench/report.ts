/** One line of the table: what was measured, against what, and the bar it should clear. */
export interface Row {
  readonly what: string;
  /** Seconds, median. */
  readonly pqrun: number;
  readonly other: string;
  readonly seconds: number;
  /** `pqrun / seconds`: lower is better; undefined where the bar is a difference. */
  readonly ratio?: number;
  /** Of all its figures, if they are no seconds. */
  readonly unit?: string;
  readonly bar: string;
  readonly met: boolean;
}

export function tableOf(rows: readonly Row[]): string {
  const header = ['what', 'pqrun', 'against', 'seconds', 'ratio', 'bar', ''];
  const cells = rows.map(({ what, pqrun, other, seconds, ratio, unit = 's', bar, met }) => [
    what,
    `${pqrun.toFixed(3)} ${unit}`,
    other,
    `${seconds.toFixed(3)} ${unit}`,
    ratio === undefined ? `+${((pqrun - seconds) * 1000).toFixed(0)} ms` : ratio.toFixed(3),
    bar,
    met ? 'met' : 'missed',
  ]);
  const widths = header.map((title, column) =>
    Math.max(title.length, ...cells.map((row) => (row[column] ?? '').length)),
  );
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [
    line(header),
    `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`,
    ...cells.map(line),
  ].join('\n');
}
