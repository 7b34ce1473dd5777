import type { GeneratedScript } from './script.js';

/** Cuts out of a script whatever it can while it stays interesting: files, arguments, lines, then words. */
export async function shrink(
  script: GeneratedScript,
  isInteresting: (script: GeneratedScript) => Promise<boolean>,
): Promise<GeneratedScript> {
  let left = MOST_TRIES;
  const test = (candidate: GeneratedScript): Promise<boolean> =>
    --left >= 0 ? isInteresting(candidate) : Promise.resolve(false);
  let smallest = await withoutFiles(script, test);
  const pairs = await shrinkList(toPairs(smallest.args), (kept) => test({ ...smallest, args: kept.flat() }));
  smallest = { ...smallest, args: pairs.flat() };
  for (const pieces of [/[^\n]*\n|[^\n]+$/g, /\w+|\s+|[^\w\s]/gu]) {
    for (const name of Object.keys(smallest.files)) {
      const text = (smallest.files[name] ?? Buffer.alloc(0)).toString();
      const replaced = (kept: readonly string[]): GeneratedScript => withFile(smallest, name, kept.join(''));
      const kept = await shrinkList(text.match(pieces) ?? [], (candidate) => test(replaced(candidate)));
      smallest = replaced(kept);
    }
  }
  // Now that nothing includes them, more files can go.
  return withoutFiles(smallest, test);
}

/** Runs of both sides: about ten seconds. */
const MOST_TRIES = 600;

/** Deletes ever smaller runs of items, from the end to the beginning, until no single one can go. */
async function shrinkList<T>(
  items: readonly T[],
  isInteresting: (items: readonly T[]) => Promise<boolean>,
): Promise<readonly T[]> {
  let kept = items;
  for (let size = kept.length; size >= 1; size = Math.floor(size / 2)) {
    for (let end = kept.length; end > 0; end -= size) {
      const candidate = [...kept.slice(0, Math.max(0, end - size)), ...kept.slice(end)];
      if (candidate.length < kept.length && (await isInteresting(candidate))) kept = candidate;
    }
  }
  return kept;
}

async function withoutFiles(
  script: GeneratedScript,
  test: (script: GeneratedScript) => Promise<boolean>,
): Promise<GeneratedScript> {
  let smallest = script;
  for (const name of Object.keys(script.files)) {
    if (name === 'main.sql') continue;
    const files = Object.fromEntries(Object.entries(smallest.files).filter(([other]) => other !== name));
    if (await test({ ...smallest, files })) smallest = { ...smallest, files };
  }
  return smallest;
}

function withFile(script: GeneratedScript, name: string, text: string): GeneratedScript {
  return { ...script, files: { ...script.files, [name]: Buffer.from(text) } };
}

/** `-v` stays with its value. */
function toPairs(args: readonly string[]): readonly (readonly string[])[] {
  return args.flatMap((arg, index) => (index % 2 === 0 ? [[arg, args[index + 1] ?? '']] : []));
}
