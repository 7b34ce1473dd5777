import type { Show } from '../model/script.js';
import type { CopyOrder } from './copy-order.js';
import type { RecordReading } from './records/script-records.js';
import type { ScriptFile } from './script-file.js';

/** What the reading of any script depends on. */
export interface Surroundings {
  /** `-v name=value`. */
  readonly variables: ReadonlyMap<string, string>;
  /** False: what is no SQL to the parser goes to the server as it is. */
  readonly syntaxCheck: boolean;
  readonly show: Show;
  /** Environment variables, for `\getenv`. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly session: SessionStart;
  /** Told of each variable that a script asks for. */
  readonly onVariable?: ((name: string) => void) | undefined;
  /** Puts a question of `\prompt` to a person; undefined: there is nobody. */
  readonly ask?: ((question: string) => string) | undefined;
}

/** A script that is to be read. */
export interface ScriptText extends Surroundings {
  readonly file: ScriptFile;
  /** What the scripts before it have made of tables. */
  readonly copyOrder: CopyOrder;
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
