import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadParser } from '../../oracle/by-design.js';
import { compare } from '../../oracle/compare.js';
import { readWithPqrun } from '../../oracle/reader.js';
import { withScriptDirectory } from '../../oracle/script-directory.js';

/** Made-up scripts, and what psql 15 sent for them (test/golden/record-scripts.ts): pqrun would send the same bytes. */
interface Recorded {
  readonly seed: number;
  readonly files: Readonly<Record<string, string>>;
  readonly args: readonly string[];
  readonly told: {
    readonly status: number | null;
    readonly serverFailed: boolean;
    readonly statements: readonly string[];
    readonly copyData: readonly string[];
    readonly stderr: string;
  };
}

const path = join(import.meta.dirname, '../../golden/scripts.json');
// Written by the recording script, with this shape.
const recorded = JSON.parse(readFileSync(path, 'utf8')) as readonly Recorded[];
const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');
const verdicts = new Map<string, number>();

describe('what psql sends, pqrun sends', () => {
  beforeAll(loadParser);

  it.each(recorded)('script $seed', async ({ files, args, told }) => {
    const script = {
      files: Object.fromEntries(Object.entries(files).map(([name, text]) => [name, bytes(text)])),
      args,
      features: new Set<string>(),
    };
    const all = {
      ...told,
      stdout: '',
      statements: told.statements.map(bytes),
      copyData: told.copyData.map(bytes),
    };
    const read = await withScriptDirectory(script, (directory) => readWithPqrun(directory, script));
    const verdict = compare(all, read, 'loose');
    verdicts.set(verdict.name, (verdicts.get(verdict.name) ?? 0) + 1);
    expect(verdict, JSON.stringify(verdict)).not.toMatchObject({ kind: 'different' });
  });

  it('most scripts are compared to their end', () => {
    expect(verdicts.get('to the end') ?? 0).toBeGreaterThan(recorded.length / 2);
  });
});
