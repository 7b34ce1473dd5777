import type { Plan } from '../../../../src/model/plan.js';
import { agesAreTold } from '../../../../src/plan/accesses/ages.js';
import { Analysis } from '../../../../src/plan/accesses/analysis.js';
import { emptyCatalog } from '../../../../src/plan/accesses/load-catalog.js';
import { buildPlan, type BuiltPlan } from '../../../../src/plan/build.js';
import type { PlanOptions } from '../../../../src/plan/options.js';
import { DEFAULT_READING, readScripts } from '../../../../src/script/read.js';
import { loadParser } from '../../../../src/script/syntax.js';

/** Plans of `--order auto`, from the texts of scripts, on a database with nothing in it. */

export async function planned(texts: string | readonly string[], options: Options = {}): Promise<Plan> {
  return (await built(texts, options)).plan;
}

type Options = Partial<PlanOptions> & {
  readonly strictOrder?: boolean;
  readonly keepGoing?: boolean;
  readonly initSql?: string;
};

export async function built(texts: string | readonly string[], options: Options = {}): Promise<BuiltPlan> {
  const sources = [texts].flat().map((text, index) => ({
    name: `${String.fromCodePoint(97 + index)}.sql`,
    bytes: Buffer.from(text),
  }));
  const read = await readScripts(sources, DEFAULT_READING);
  if (!read.ok) throw new Error(read.diagnostics.map(({ message }) => message).join('\n'));
  const { strictOrder = false, keepGoing = false, initSql = '', ...given } = options;
  const analysis = new Analysis(await loadParser(), emptyCatalog(), {
    startPath: ['public'],
    mindsRefusal: keepGoing,
    strictOrder,
    initSql,
    user: 'me',
    agesAreTold: () => agesAreTold(read.value, undefined),
  });
  const made = buildPlan(read.value, { ...PLAIN, ...given }, analysis);
  if (!made.ok) throw new Error(made.diagnostics.map(({ message }) => message).join('\n'));
  return made.value;
}

const PLAIN: PlanOptions = {
  order: 'auto',
  connections: 4,
  singleTransaction: false,
  snapshot: false,
  splitCopy: 'never',
  autoSplit: false,
};

/** Whether a job waits for another, at whatever remove; jobs are named by their labels or places. */
export function waits({ jobs, edges }: Plan, name: string, before: string): boolean {
  const ids = (wanted: string) =>
    new Set(jobs.flatMap((job) => (job.name === wanted || job.name.startsWith(`${wanted} [`) ? job.id : [])));
  const [waiting, awaited] = [ids(name), ids(before)];
  if (waiting.size === 0 || awaited.size === 0) throw new Error(`no job ${name} or ${before}`);
  const open = [...waiting];
  const seen = new Set(open);
  for (let next = open.pop(); next !== undefined; next = open.pop())
    for (const { from, to } of edges) {
      if (to !== next || seen.has(from)) continue;
      if (awaited.has(from)) return true;
      seen.add(from);
      open.push(from);
    }
  return false;
}
