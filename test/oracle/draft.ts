import type { Random } from './random.js';

/**
 * A script while it is made up: what it has by now, and the one way in which the rooms of the generator choose.
 *
 * Most scripts are calm: their statements are SQL, and nothing in them makes psql stop early. A wild one may also hold
 * what servers or psql refuse.
 */
export class Draft {
  /** Names of the choices made. */
  readonly features = new Set<string>();
  readonly files = new Map<string, string>();
  readonly args: string[] = [];
  variables: readonly Variable[] = [];
  /** Of the file being written, `` for the top. */
  directory = '';
  /** False in a branch that psql does not take. */
  alive = true;
  /** How many files deep. */
  depth = 0;
  /** Inside statements that may still become bigger: how much deeper they may nest. */
  nesting = 0;
  /** False while standard_conforming_strings may be off. */
  standardStrings = true;
  #serial = 0;

  constructor(
    readonly random: Random,
    readonly wild: boolean,
    /** What is made depends on results, more often than not. */
    readonly live = false,
  ) {}

  note(feature: string): void {
    this.features.add(feature);
  }

  serial(): number {
    return ++this.#serial;
  }

  /** Makes one of the choices by their weights, and notes its name. */
  choose(choices: Choices): string {
    const open = Object.entries(choices).filter(([, [, , when]]) => when !== 'wild' || this.wild);
    const total = open.reduce((sum, [, [weight]]) => sum + weight, 0);
    let left = this.random.next() * total;
    for (const [name, [weight, make]] of open) {
      left -= weight;
      if (left >= 0) continue;
      if (!name.startsWith('_')) this.note(name);
      return make();
    }
    throw new RangeError('nothing to choose from');
  }

  /** A branch that psql does not take: what is defined in it is forgotten again. */
  dead(action: () => string): string {
    const { variables, standardStrings, alive } = this;
    this.alive = false;
    const made = action();
    Object.assign(this, { variables, standardStrings, alive });
    return made;
  }

  define(variable: Variable): void {
    this.variables = [...this.variables.filter(({ name }) => name !== variable.name), variable];
  }

  undefine(name: string): void {
    this.variables = this.variables.filter((known) => known.name !== name);
  }

  /** A variable of such a value, if there is one. */
  variable(...kinds: readonly VariableKind[]): Variable | undefined {
    const fitting = this.variables.filter(({ kind }) => kinds.length === 0 || kinds.includes(kind));
    return fitting.length === 0 ? undefined : this.random.pick(fitting);
  }
}

/** Makes so many statements and commands; the rooms that hold others within theirs are given it. */
export type Blocks = (draft: Draft, count: number) => string;

/** By name; a name that begins with `_` is not worth a note. */
export type Choices = Readonly<Record<string, Choice>>;
export type Choice = readonly [weight: number, make: () => string, when?: 'wild'];

export interface Variable {
  readonly name: string;
  readonly kind: VariableKind;
}

/**
 * Where `:name` can stand so that the statement is still SQL: `number` and `expression` in place of one, `statement` in
 * place of one or several, `text` nowhere (only `:'name'` and `:"name"` are sure to be SQL), `empty` not even those.
 */
export type VariableKind = 'number' | 'expression' | 'statement' | 'text' | 'empty';
