import type { Entry, Program } from './program.js';

/**
 * Leaves out of a program whatever it can while it stays interesting: whole blocks and ever smaller runs of entries, from the
 * end to the beginning, again until nothing can go; then the borders between files.
 */
export async function shrink(
  program: Program,
  isInteresting: (program: Program) => Promise<Program | undefined>,
): Promise<Program> {
  let smallest = program;
  let left = MOST_TRIES;
  const test = async (candidate: Program): Promise<boolean> => {
    if (--left < 0) return false;
    const valid = await isInteresting(candidate);
    if (valid !== undefined) smallest = valid;
    return valid !== undefined;
  };
  for (let before = Infinity; left > 0;) {
    const now = entriesOf(smallest).length;
    if (now >= before) break;
    before = now;
    for (let size = Math.ceil(now / 2); size >= 1; size = Math.floor(size / 2)) {
      for (let end = entriesOf(smallest).length; end > 0; end -= size)
        await test(without(smallest, new Set(entriesOf(smallest).slice(Math.max(0, end - size), end))));
    }
    for (const pair of blocksOf(smallest)) await test(without(smallest, pair));
  }
  for (let file = smallest.files.length - 1; file > 0; file--) await test(joined(smallest, file));
  return smallest;
}

/** Builds of both sides: a minute or so. */
const MOST_TRIES = 400;

function entriesOf({ files }: Program): readonly Entry[] {
  return files.flat();
}

export function without({ files }: Program, gone: ReadonlySet<Entry>): Program {
  const kept = files.map((entries) => entries.filter((entry) => !gone.has(entry)));
  return { files: kept.filter((entries) => entries.length > 0) };
}

/** BEGIN and its end, so that what is between them stays. */
function blocksOf({ files }: Program): readonly ReadonlySet<Entry>[] {
  return files.flatMap((entries) =>
    entries.flatMap((entry, index) => {
      if (!/^(BEGIN;|START TRANSACTION)/.test(entry.text)) return [];
      const end = entries.slice(index).find(({ text }) => /^(COMMIT|ROLLBACK);/.test(text));
      return end === undefined ? [] : [new Set([entry, end])];
    }),
  );
}

function joined({ files }: Program, file: number): Program {
  const together = [...(files[file - 1] ?? []), ...(files[file] ?? [])];
  return { files: [...files.slice(0, file - 1), together, ...files.slice(file + 1)] };
}
