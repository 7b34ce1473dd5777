import type { Argument, ArgumentReader } from './arguments.js';
import type { CommandCall, Word } from './call.js';

/**
 * `\g` and `\gx`: send the statement, its result into a file (`\g file`) or with print settings of its own
 * (`\g (format=csv tuples_only=on) file`); `\gx` also turns `expanded` on.
 */
export function parseSend(args: ArgumentReader, name: string): CommandCall {
  const options: (readonly [string, Word | undefined])[] =
    name === 'gx' ? [['expanded', { text: 'on', isUnknown: false }]] : [];
  let first = args.nextFile();
  if (first?.text.startsWith('(') === true) {
    options.unshift(...readOptions(args, first));
    first = args.nextFile();
  }
  const file = first && { text: first.text, isUnknown: first.isUnknown };
  if (file === undefined && options.length === 0) return { kind: 'send', how: { kind: 'plain' } };
  return { kind: 'send', how: { kind: 'print', file, options } };
}

/** Up to the argument that ends in a parenthesis. */
function readOptions(
  args: ArgumentReader,
  first: Argument,
): readonly (readonly [string, Word | undefined])[] {
  const options: (readonly [string, Word | undefined])[] = [];
  let next: Argument | undefined = { ...first, text: first.text.slice(1) };
  while (next !== undefined) {
    const isLast = next.text.endsWith(')');
    const text = isLast ? next.text.slice(0, -1) : next.text;
    const equals = text.indexOf('=');
    const { isUnknown } = next;
    if (text !== '')
      options.push(
        equals < 0 ? [text, undefined] : [text.slice(0, equals), { text: text.slice(equals + 1), isUnknown }],
      );
    if (isLast) return options;
    next = args.next();
  }
  args.fail({ message: '\\g: missing right parenthesis', hint: 'write it as in \\g (format=csv) file' });
  return options;
}
