import { parseBoolean } from '../boolean.js';
import type { Fault } from '../faults.js';
import type { ArgumentReader } from './arguments.js';
import type { CommandCall, Word } from './call.js';

/**
 * `\connect [-reuse-previous=on|off] [database [user [host [port]]]]`, or a conninfo string or URI in place of the
 * database. A `-` stands for what it was before. Double quotes are taken off as in SQL, but nothing is folded to small
 * letters (src/bin/psql/command.c, exec_command_connect and read_connect_arg).
 */
export function parseConnect(args: ArgumentReader): CommandCall {
  let first = args.nextBare();
  const reuse = /^-reuse-previous=(.*)$/.exec(first?.text ?? '')?.[1];
  if (reuse !== undefined) {
    if (parseBoolean(reuse) === undefined) args.fail(notBoolean(reuse));
    first = args.nextBare();
  }
  const words: (Word | undefined)[] = [];
  for (const argument of [first, args.nextBare(), args.nextBare(), args.nextBare()]) {
    const isDash =
      argument === undefined || (!argument.isQuoted && (argument.text === '' || argument.text === '-'));
    words.push(isDash ? undefined : { text: unquote(argument.text), isUnknown: argument.isUnknown });
  }
  return { kind: 'connect', words, reuse: reuse === undefined ? undefined : parseBoolean(reuse) };
}

function notBoolean(value: string): Fault {
  return {
    message: `unrecognized value "${value}" for "-reuse-previous": Boolean expected`,
    hint: 'say on or off',
  };
}

/** Only the quotes go: psql keeps the case of what is not quoted (OT_SQLIDHACK). */
function unquote(text: string): string {
  let inQuotes = false;
  let result = '';
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character !== '"') result += character;
    else if (inQuotes && text[at + 1] === '"') {
      result += '"';
      at += 1;
    } else inQuotes = !inQuotes;
  }
  return result;
}
