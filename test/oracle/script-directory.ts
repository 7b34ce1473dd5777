import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { GeneratedScript } from './script.js';

/** Writes the files of a script into a new directory, and removes it when the action is done. */
export async function withScriptDirectory<T>(
  script: GeneratedScript,
  action: (directory: string) => Promise<T>,
): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), 'pqrun-oracle-'));
  try {
    for (const [name, bytes] of Object.entries(script.files)) {
      const path = join(directory, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, bytes);
    }
    return await action(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
