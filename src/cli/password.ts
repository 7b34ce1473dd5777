import { Writable } from 'node:stream';

/** Asks on the terminal without showing what is typed. */
export async function askPassword(): Promise<string> {
  const { createInterface } = await import('node:readline/promises');
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  process.stderr.write('Password: ');
  const prompt = createInterface({ input: process.stdin, output: silent, terminal: process.stdin.isTTY });
  try {
    return await prompt.question('');
  } finally {
    prompt.close();
    process.stderr.write('\n');
  }
}
