import { closeSync, openSync, readSync } from 'node:fs';

/**
 * Puts a question of `\prompt` to whoever sits at the terminal, and waits for the line that they type. Synchronous, as the
 * reading of scripts is; the terminal is opened anew, because Node makes its own standard input non-blocking.
 */
export function askAtTerminal(question: string): string {
  process.stderr.write(question);
  const terminal = openSync('/dev/tty', 'r');
  try {
    return readLine(terminal);
  } finally {
    closeSync(terminal);
  }
}

function readLine(file: number): string {
  const bytes: number[] = [];
  const one = Buffer.alloc(1);
  while (readSync(file, one) === 1 && one[0] !== LINE_FEED) bytes.push(one[0] ?? 0);
  return Buffer.from(bytes).toString();
}

const LINE_FEED = 0x0a;
