import { hasSqlDetails, loadModule, parseSync } from 'libpg-query';
import type { Told } from './psql.js';

/**
 * What pqrun refuses although psql goes on: each class with a name, by which such scripts are counted. `libpg-query`
 * must be loaded (loadParser).
 */
export const REFUSED_BY_DESIGN: Readonly<
  Record<string, (told: Told, messages: readonly string[]) => boolean>
> = {
  /** psql says so, and goes on with what it has. */
  'quote that is not closed in a command': ({ stderr }) => stderr.includes('unterminated quoted string'),
  /** The recorder answers everything; a server would have refused. */
  'statement that is no SQL': ({ statements }) => !statements.every(isSql),
  /** pqrun looks at all branches that only the run decides on. */
  'statement that is no SQL, in a branch not taken': (_told, messages) =>
    messages.some((message) => message.includes(' syntax error ')),
  /** Before the run, lines behind a COPY are taken for its data in all these branches. */
  'COPY in a branch not taken': (_told, messages) =>
    messages.some((message) => /the file ends inside \\if|\\copy: parse error/.test(message)),
  /** ON_ERROR_STOP off: pqrun goes on behind errors of the server, but what cannot be read is a fault of the script. */
  'command that psql complains about and goes on': ({ stderr }) => stderr.includes(' error: '),
};

export async function loadParser(): Promise<void> {
  await loadModule();
}

/** True for what the server's parser takes. */
export function isSql(statement: Buffer): boolean {
  try {
    parseSync(statement.toString());
    return true;
  } catch (error) {
    // Without details it is the parser that could not cope (a text without anything in it), not the text that is wrong.
    return !hasSqlDetails(error);
  }
}
