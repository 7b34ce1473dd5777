import { ArgumentReader } from '../../../../src/script/commands/arguments.js';
import type { Fault } from '../../../../src/script/faults.js';
import { UNKNOWN, type VariableValue } from '../../../../src/script/variable-store.js';

/** What of a line stands behind the name of a command. */

export interface Line {
  readonly args: ArgumentReader;
  /** What of it is not read yet. */
  readonly left: () => string;
}

/** Variables: `v` is `value`, `q` is `it's`, `unknown` only the run knows. */
export function line(text: string, active = true): Line {
  const bytes = Buffer.from(text);
  const input = { bytes, position: 0, end: bytes.length };
  const args = new ArgumentReader(input, { active, variable: (name) => VARIABLES.get(name) });
  return { args, left: () => bytes.toString('utf8', input.position) };
}

const VARIABLES: ReadonlyMap<string, VariableValue> = new Map<string, VariableValue>([
  ['v', 'value'],
  ['q', "it's"],
  ['unknown', UNKNOWN],
]);

export function messages(faults: readonly Fault[]): readonly string[] {
  return faults.map(({ message }) => message);
}
