import { hasSqlDetails, loadModule, parseSync } from 'libpg-query';
import type { Told } from './psql.js';

/**
 * What pqrun refuses although psql goes on: each class with a name, by which such scripts are counted. `libpg-query`
 * must be loaded (loadParser).
 */
export const REFUSED_BY_DESIGN: Readonly<Record<string, (told: Told) => boolean>> = {
  /** psql says so, and goes on with what it has. */
  'quote that is not closed in a command': ({ stderr }) => stderr.includes('unterminated quoted string'),
  /** The recorder answers everything; a server would have refused. */
  'statement that is no SQL': ({ statements }) => !statements.every(isSql),
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
