import { isSql } from './by-design.js';
import type { Told } from './psql.js';
import type { GeneratedScript } from './script.js';

/** What the generated scripts were like, and how far psql got with them: to tune the generator by. */
export class Statistics {
  #scripts = 0;
  #statements = 0;
  #lines = 0;
  readonly #statuses = new Map<string, number>();
  readonly #errors = new Map<string, number>();
  readonly #features = new Map<string, { scripts: number; toTheEnd: number }>();

  add({ files, features }: GeneratedScript, told: Told): void {
    this.#scripts += 1;
    this.#statements += told.statements.length;
    this.#lines += Object.values(files).reduce((sum, text) => sum + text.toString().split('\n').length, 0);
    const allSql = told.statements.every(isSql);
    const calm = features.has('wild') ? 'wild' : 'calm';
    count(
      this.#statuses,
      `${calm}: status ${String(told.status)}${told.serverFailed ? ' by the server' : ''}`,
    );
    count(this.#statuses, `${calm}: all statements ${allSql ? 'SQL' : 'SQL but some'}`);
    if (told.status !== 0 && calm === 'calm') {
      const said = told.stderr.trim().split('\n').at(-1) ?? '';
      count(this.#errors, said.replace(/^\S+ \S+?:\d+: |^psql:\S+:\d+: /, ''));
    }
    for (const feature of features) {
      const known = this.#features.get(feature) ?? { scripts: 0, toTheEnd: 0 };
      known.scripts += 1;
      if (told.status === 0 && allSql) known.toTheEnd += 1;
      this.#features.set(feature, known);
    }
  }

  toString(): string {
    const share = (part: number, of = this.#scripts): string => `${((100 * part) / of).toFixed(1)} %`;
    const features = [...this.#features].toSorted(([, a], [, b]) => b.scripts - a.scripts);
    return [
      `${(this.#statements / this.#scripts).toFixed(1)} statements and ${(this.#lines / this.#scripts).toFixed(1)} lines a script`,
      ...sorted(this.#statuses).map(([name, scripts]) => `${share(scripts).padStart(8)}  ${name}`),
      'why calm scripts stopped:',
      ...sorted(this.#errors)
        .slice(0, 15)
        .map(([name, scripts]) => `${String(scripts).padStart(8)}  ${name}`),
      'scripts with a feature, and how many of them are SQL and come to their end:',
      ...features.map(
        ([name, { scripts, toTheEnd }]) =>
          `${share(scripts).padStart(8)} ${share(toTheEnd, scripts).padStart(8)}  ${name}`,
      ),
    ].join('\n');
  }
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function sorted(counts: Map<string, number>): readonly (readonly [string, number])[] {
  return [...counts].toSorted(([, a], [, b]) => b - a);
}
