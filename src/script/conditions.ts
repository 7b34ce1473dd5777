import type { Condition } from './commands/call.js';
import type { Fault } from './faults.js';

/**
 * The `\if … \endif` blocks that are open in one file (PostgreSQL, src/fe_utils/conditional.c and src/bin/psql/command.c):
 * which branch is taken, and what becomes of the text that the other branches have added to an open statement.
 *
 * A condition that only the run knows makes all its branches be read as if they were taken (`maybe`).
 */
export class Conditions<Mark> {
  readonly #blocks: Block<Mark>[] = [];

  /** Where the innermost open branch began. */
  get open(): Mark | undefined {
    return this.#blocks.at(-1)?.mark;
  }

  /** What is read now is also done. */
  get isActive(): boolean {
    const state = this.#blocks.at(-1)?.state;
    return state === undefined || ACTIVE.has(state);
  }

  /** Whether it is done depends on the run. */
  get isUncertain(): boolean {
    return this.#blocks.some(({ state }) => state === 'maybe' || state === 'else-maybe');
  }

  /** The condition of such a command counts; elsewhere it is not even looked at. */
  evaluates(command: 'if' | 'elif'): boolean {
    if (command === 'if') return this.isActive;
    const state = this.#blocks.at(-1)?.state;
    return state === 'false' || state === 'maybe';
  }

  if(mark: Mark, condition: Condition): void {
    const state = this.isActive ? BY_CONDITION[condition] : 'ignored';
    this.#blocks.push({ state, mark });
  }

  /** The next branch begins. A mark: the text of the branch that ends here is dropped, up to that. */
  elif(mark: Mark, condition: Condition): Fault | { readonly back: Mark | undefined } {
    const block = this.#blocks.at(-1);
    if (block === undefined) return misplaced('elif', 'no matching \\if');
    if (block.state.startsWith('else')) return misplaced('elif', 'cannot occur after \\else');
    const back = this.#endBranch(block, mark);
    if (block.state === 'true') block.state = 'ignored';
    else if (block.state === 'false') block.state = BY_CONDITION[condition];
    return { back };
  }

  else(mark: Mark): Fault | { readonly back: Mark | undefined } {
    const block = this.#blocks.at(-1);
    if (block === undefined) return misplaced('else', 'no matching \\if');
    if (block.state.startsWith('else')) return misplaced('else', 'cannot occur after \\else');
    const back = this.#endBranch(block, mark);
    block.state =
      block.state === 'false' ? 'else-true' : block.state === 'maybe' ? 'else-maybe' : 'else-false';
    return { back };
  }

  endif(): Fault | { readonly back: Mark | undefined } {
    const block = this.#blocks.pop();
    if (block === undefined) return misplaced('endif', 'no matching \\if');
    return { back: ACTIVE.has(block.state) ? undefined : block.mark };
  }

  /** A branch that was taken keeps its text, and the mark moves on to behind it. */
  #endBranch(block: Block<Mark>, mark: Mark): Mark | undefined {
    if (!ACTIVE.has(block.state)) return block.mark;
    block.mark = mark;
    return undefined;
  }
}

type State = 'true' | 'false' | 'maybe' | 'ignored' | 'else-true' | 'else-false' | 'else-maybe';

interface Block<Mark> {
  state: State;
  mark: Mark;
}

const ACTIVE: ReadonlySet<State> = new Set(['true', 'maybe', 'else-true', 'else-maybe']);

const BY_CONDITION = { true: 'true', false: 'false', unknown: 'maybe' } as const;

function misplaced(command: string, why: string): Fault {
  return {
    message: `\\${command}: ${why}`,
    hint: 'every \\if has one \\endif, and between them \\elif and at most one \\else',
  };
}
