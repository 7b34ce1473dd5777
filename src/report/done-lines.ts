import { formatCount, formatDuration, formatPlural } from './format.js';
import type { Done } from './split-progress.js';
import { singleLine } from '../model/text-width.js';

/**
 * Lines about what is done, bounded in number: the first hundred things have a line each; after that there is at most
 * one line a second, in the long run one for each sixtieth of the time that went by, which sums up what went unsaid.
 */
export class DoneLines {
  readonly #write: (text: string) => void;
  #lines = 0;
  #lastAt = 0;
  #unsaid: Unsaid | undefined;

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  tell(done: Done, at: number): void {
    this.#unsaid = added(this.#unsaid, done);
    const gap = Math.max(SHORTEST_GAP, at * GAP_SHARE);
    if (this.#lines >= FREE_LINES && at - this.#lastAt < gap) return;
    this.#lastAt = at;
    this.tellRest();
  }

  /** What is still unsaid, in one line. */
  tellRest(): void {
    if (this.#unsaid === undefined) return;
    this.#write(unsaidText(this.#unsaid));
    this.#lines++;
    this.#unsaid = undefined;
  }
}

const FREE_LINES = 100;
const SHORTEST_GAP = 1000;
const GAP_SHARE = 1 / 60;

interface Unsaid {
  readonly count: number;
  readonly rows: number;
  readonly longest: Done;
}

function added(unsaid: Unsaid | undefined, done: Done): Unsaid {
  if (unsaid === undefined) return { count: 1, rows: done.rows, longest: done };
  const longest = done.duration > unsaid.longest.duration ? done : unsaid.longest;
  return { count: unsaid.count + 1, rows: unsaid.rows + done.rows, longest };
}

function unsaidText({ count, rows, longest }: Unsaid): string {
  const name = singleLine(longest.name);
  const time = formatDuration(longest.duration);
  const rowsText = rows > 0 ? `  ${formatPlural(rows, 'row')}` : '';
  if (count === 1) return `${name}  ${time}${rowsText}`;
  return `${formatCount(count)} more done${rowsText}  the longest: ${name}  ${time}`;
}
