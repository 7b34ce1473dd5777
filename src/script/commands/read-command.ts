import { ArgumentReader, readCommandName, type ArgumentContext } from './arguments.js';
import type { CommandCall } from './call.js';
import { parseCommand, passArguments } from './parse.js';
import type { Conditions } from '../conditions.js';
import type { Fault } from '../faults.js';
import type { Input } from '../input.js';

/** What must be known to read a command. */
export interface CommandContext {
  readonly conditions: Pick<Conditions<unknown>, 'isActive' | 'evaluates'>;
  readonly variable: ArgumentContext['variable'];
  /** Gets what is wrong with the command. */
  readonly fault: (fault: Fault) => void;
}

/**
 * The command whose backslash is just behind, with its arguments, which are taken off the line. Undefined: nothing is to
 * be done, because of a fault, or because the command stands in a branch that is not taken. Only the commands that make
 * up the branches are given there too.
 */
export function readCommand(input: Input, context: CommandContext): CommandCall | undefined {
  const { conditions, variable } = context;
  const name = readCommandName(input);
  const active = name === 'if' || name === 'elif' ? conditions.evaluates(name) : conditions.isActive;
  const args = new ArgumentReader(input, { active, variable });
  const isCalled = CONDITIONALS.has(name) || active;
  const call = isCalled ? callCommand(name, args, context) : undefined;
  if (!isCalled) passCommand(name, args, context);
  args.finish();
  return call;
}

const CONDITIONALS: ReadonlySet<string> = new Set(['if', 'elif', 'else', 'endif']);

function passCommand(name: string, args: ArgumentReader, context: CommandContext): void {
  const fault = passArguments(name, args);
  if (fault !== undefined) refuse(fault, args, context);
}

function callCommand(name: string, args: ArgumentReader, context: CommandContext): CommandCall | undefined {
  const call = parseCommand(name, args);
  for (const fault of args.faults) context.fault(fault);
  if (call.kind === 'fault') {
    refuse(call.fault, args, context);
    return undefined;
  }
  const [extra] = args.all();
  if (extra !== undefined && context.conditions.isActive) {
    const message = `\\${name}: extra argument "${extra.text}" ignored`;
    context.fault({ severity: 'warning', message });
  }
  return call;
}

/** A fault, and what is left of the line is skipped. */
function refuse(fault: Fault, args: ArgumentReader, context: CommandContext): void {
  context.fault(fault);
  args.rest();
}
