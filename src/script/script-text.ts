import type { Show } from '../model/script.js';
import type { CopyOrder } from './copy-order.js';
import type { RecordReading } from './records/script-records.js';
import type { ScriptFile } from './script-file.js';

/** A script that is to be read, and what its reading depends on. */
export interface ScriptText {
  readonly file: ScriptFile;
  readonly variables: ReadonlyMap<string, string>;
  readonly syntaxCheck: boolean;
  readonly show: Show;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly session: SessionStart;
  /** Told of each variable that the script asks for. */
  readonly onVariable?: ((name: string) => void) | undefined;
  /** What the scripts before it have made of tables. */
  readonly copyOrder: CopyOrder;
  /** Puts a question of `\prompt` to a person; undefined: there is nobody. */
  readonly ask?: ((question: string) => string) | undefined;
  /** Undefined: no records are read. */
  readonly records?: RecordReading | undefined;
}

/** What sessions begin with, as far as it matters to the reading of scripts. */
export interface SessionStart {
  /** PostgreSQL's name of client_encoding. */
  readonly encoding: string;
  /** standard_conforming_strings */
  readonly standardStrings: boolean;
}
