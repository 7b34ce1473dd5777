import type { Fault } from './faults.js';
import type { Input } from './input.js';

/**
 * psql's meta-commands, as far as the reader must know them: what one is called, and that none can be run yet.
 */
export interface Command {
  readonly name: string;
}

/** The command whose backslash is just behind; its arguments go on to the end of the line. */
export function readCommand(input: Input): Command {
  const rest = input.bytes.toString('utf8', input.position, input.end);
  return { name: /^[^\s\\]*/.exec(rest)?.[0] ?? '' };
}

export function unsupportedCommand({ name }: Command): Fault {
  if (name === '') {
    return {
      message: 'a backslash outside quotes',
      hint: 'remove it, or write the name of a meta-command behind it',
    };
  }
  return { message: `\\${name} is not supported yet`, hint: 'remove it, or run this script with psql' };
}

/** True for commands that send the statement before them, or throw it away. */
export function endsStatement({ name }: Command): boolean {
  return /^(?:g|gx|gset|gexec|gdesc|crosstabview|watch|r|reset)$/.test(name);
}
