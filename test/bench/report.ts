/** One line of the table: what was measured, against what, and the bar it should clear. */
export interface Row {
  readonly what: string;
  /** Seconds, median. */
  readonly pqrun: number;
  readonly other: string;
  readonly seconds: number;
  /** `pqrun / seconds`: lower is better; undefined where the bar is a difference. */
  readonly ratio?: number;
  readonly bar: string;
  readonly met: boolean;
}

export function tableOf(rows: readonly Row[]): string {
  const header = ['what', 'pqrun', 'against', 'seconds', 'ratio', 'bar', ''];
  const cells = rows.map(({ what, pqrun, other, seconds, ratio, bar, met }) => [
    what,
    `${pqrun.toFixed(3)} s`,
    other,
    `${seconds.toFixed(3)} s`,
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
