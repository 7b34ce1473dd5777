/**
 * Lists of words → groups of the same words, at most one of each list, in an order that keeps the order of every list.
 *
 *     a b d  ┐
 *     a c d  ┴─▶  a a | b | c | d d
 *
 * Where lists contradict each other (one says a before b, another b before a) a word may be alone in its group.
 */
export interface Member {
  readonly list: number;
  readonly index: number;
}

export function alignment(lists: readonly (readonly string[])[]): readonly (readonly Member[])[] {
  return areSame(lists) ? sideBySide(lists) : merged(lists.map(counted));
}

function areSame([first = [], ...others]: readonly (readonly string[])[]): boolean {
  return others.every((list) => list.length === first.length && list.every((word, n) => word === first[n]));
}

function sideBySide(lists: readonly (readonly string[])[]): readonly (readonly Member[])[] {
  return (lists[0] ?? []).map((_, index) => lists.map((_list, list) => ({ list, index })));
}

/** The second of the same word in a list is another one. */
function counted(list: readonly string[]): readonly string[] {
  const seen = new Map<string, number>();
  return list.map((word) => {
    const number = (seen.get(word) ?? 0) + 1;
    seen.set(word, number);
    return `${number} ${word}`;
  });
}

function merged(lists: readonly (readonly string[])[]): readonly (readonly Member[])[] {
  /** In how many lists a word is still to come. */
  const left = new Map<string, number>();
  for (const word of lists.flat()) left.set(word, (left.get(word) ?? 0) + 1);
  const next = lists.map(() => 0);
  const groups: (readonly Member[])[] = [];
  for (;;) {
    const heads = headsOf(lists, next);
    const [first] = heads.values();
    if (first === undefined) return groups;
    const whole = [...heads].find(([word, members]) => members.length === left.get(word));
    const group = whole?.[1] ?? first.slice(0, 1);
    groups.push(group);
    for (const { list, index } of group) {
      const word = lists[list]?.[index] ?? '';
      left.set(word, (left.get(word) ?? 0) - 1);
      next[list] = index + 1;
    }
  }
}

/** What each list goes on with: by word, in the order of the lists. */
function headsOf(
  lists: readonly (readonly string[])[],
  next: readonly number[],
): ReadonlyMap<string, readonly Member[]> {
  const heads = new Map<string, Member[]>();
  for (const [list, words] of lists.entries()) {
    const index = next[list] ?? 0;
    const word = words[index];
    if (word === undefined) continue;
    const members = heads.get(word);
    if (members === undefined) heads.set(word, [{ list, index }]);
    else members.push({ list, index });
  }
  return heads;
}
