import type { Place } from '../../model/place.js';
import type { RowsSplit, Statement } from '../../model/script.js';
import { renderTemplate, withSlots } from '../../script/template.js';
import type { StatementFound } from '../accesses/analysis.js';
import type { Series } from '../accesses/series.js';
import type { PlanOptions } from '../options.js';
import type { Unit } from '../units.js';

/**
 * `--auto-split`: a statement that was found to be the same whether its series is cut or not becomes one that its author might
 * have split: the two bounds are the slots of a `split rows=N`. So all that holds for such a split holds for it, and an error
 * is told with its place in the file.
 *
 * Only statements that stand by themselves are split: not those in a transaction block, or in a session that others need.
 */
export function autoSplit(unit: Unit, found: readonly StatementFound[], options: SplitOptions): Unit {
  const split = options.autoSplit ? splitStatement(unit, found, options) : undefined;
  return split === undefined ? unit : { ...unit, statements: [split] };
}

/** Statements that would be split if that was asked for. */
export function splittable(
  unit: Unit,
  found: readonly StatementFound[],
  options: SplitOptions,
): readonly Place[] {
  const split = options.autoSplit ? undefined : splitStatement(unit, found, options);
  return split === undefined ? [] : [split.place];
}

type SplitOptions = Pick<PlanOptions, 'autoSplit' | 'connections'>;

/** Values of a series: a shorter one is done before other connections have begun. */
const WORTH_IT = 10_000;

function splitStatement(
  { kind, statements, context }: Unit,
  found: readonly StatementFound[],
  { connections }: SplitOptions,
): Statement | undefined {
  const [statement, second] = statements;
  if (kind !== 'statement' || statement === undefined || second !== undefined) return undefined;
  const series = found[statement.index]?.series;
  if (series === undefined || connections < 2) return undefined;
  const rows = series.to - series.from + 1;
  if (rows < WORTH_IT || !Number.isSafeInteger(rows)) return undefined;
  // Each piece would begin the same random numbers anew.
  if (context.some(({ statement: { text } }) => /\bseed\b/i.test(renderTemplate(text).text)))
    return undefined;
  return withSplit(statement, { series, rows });
}

function withSplit(
  statement: Statement,
  { series, rows }: { readonly series: Series; readonly rows: number },
): Statement | undefined {
  const [first, last] = series.places;
  const text = withSlots(statement.text, [
    { name: 'lo', ...first },
    { name: 'hi', ...last },
  ]);
  if (text === undefined) return undefined;
  const { from, isWide } = series;
  const split: RowsSplit = { by: 'rows', rows, series: { from, isWide }, place: statement.place };
  return { ...statement, text, directives: { ...statement.directives, split } };
}
