import type { CommandCall, Word } from './commands/call.js';
import type { Fault } from './faults.js';
import { unhonoured } from './special-variables.js';
import { UNKNOWN, type VariableStore } from './variable-store.js';

/** The commands that give variables their values. */
export type VariableCall = Extract<CommandCall, { readonly kind: 'set' | 'unset' | 'getenv' | 'prompt' }>;

export function isVariableCall(call: CommandCall): call is VariableCall {
  return call.kind === 'set' || call.kind === 'unset' || call.kind === 'getenv' || call.kind === 'prompt';
}

export interface VariableContext {
  readonly variables: VariableStore;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Puts a question of `\prompt` to a person; undefined: there is nobody. */
  readonly ask?: ((question: string) => string | undefined) | undefined;
  /** Only the run knows whether it comes to that. */
  readonly isUncertain: boolean;
  readonly fault: (fault: Fault) => void;
  /** Called when only the run knows which variable is meant. */
  readonly demandRun: () => void;
}

export function changeVariables(call: VariableCall, context: VariableContext): void {
  switch (call.kind) {
    case 'set':
      setVariable(call.name, call.value, context);
      break;
    case 'unset':
      unsetVariable(call.name.text, context);
      break;
    case 'getenv':
      getEnvironment(call.name, call.environment, context);
      break;
    case 'prompt':
      prompt(call.name, call.question, context);
      break;
  }
}

function setVariable(
  name: Word,
  value: Word,
  { variables, isUncertain, fault, demandRun }: VariableContext,
): void {
  if (name.isUnknown) {
    demandRun();
    return;
  }
  const isKnown = !value.isUnknown && !isUncertain;
  const warning = isKnown ? unhonoured(name.text, value.text) : undefined;
  if (warning !== undefined) fault(warning);
  const refused = variables.set(name.text, isKnown ? value.text : UNKNOWN);
  if (refused !== undefined) fault(refused);
}

function unsetVariable(name: string, { variables, isUncertain, fault }: VariableContext): void {
  const refused = isUncertain ? variables.set(name, UNKNOWN) : undefined;
  if (refused !== undefined) fault(refused);
  else if (!isUncertain) variables.unset(name);
}

function getEnvironment(name: Word, environment: Word, context: VariableContext): void {
  const value = context.environment[environment.text];
  if (environment.isUnknown) setVariable(name, environment, context);
  else if (value !== undefined) setVariable(name, { text: value, isUnknown: false }, context);
}

/** Asked when the script is read: who runs it can then go away. */
function prompt(name: Word, question: Word | undefined, context: VariableContext): void {
  const answer = context.isUncertain ? undefined : context.ask?.(question?.text ?? '');
  if (answer === undefined) context.fault(NOBODY_TO_ASK);
  else setVariable(name, { text: answer, isUnknown: false }, context);
}

const NOBODY_TO_ASK: Fault = {
  message: '\\prompt needs a person at a terminal, and a place where it is known to be reached',
  hint: 'give the variable with -v, and ask only \\if it is not set: \\if :{?name} \\else \\prompt … \\endif',
};

/** psql behaves in a way that only a run can follow: it goes on after failures, begins blocks by itself, prints lines. */
export function demandsRun(variables: VariableStore): boolean {
  const followsStatements = variables.flag('ON_ERROR_STOP') && variables.flag('AUTOCOMMIT');
  return !followsStatements || variables.flag('ON_ERROR_ROLLBACK') || variables.word('ECHO') === 'all';
}
