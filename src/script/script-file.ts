import type { DirectiveReader } from './directives.js';
import type { Faults } from './faults.js';
import type { ScriptReader } from './reader.js';
import type { LineAndColumn } from './template.js';
import type { Place } from '../model/place.js';

/** What a script, or a file that it includes, is read from. */
export interface ScriptFile {
  /** As printed. */
  readonly name: string;
  /** Where its bytes are: a path for the file system, or the bytes themselves. */
  readonly from: { readonly path: string } | { readonly bytes: Uint8Array };
  /** The `\i` that led here. */
  readonly includedFrom?: Place;
}

/** A file that is being read. */
export interface OpenFile {
  readonly file: ScriptFile;
  readonly reader: ScriptReader;
  readonly faults: Faults;
  readonly directives: DirectiveReader;
  readonly close: () => void;
}

export function placeIn({ file }: OpenFile, { line, column }: LineAndColumn): Place {
  const place = { file: file.name, line, column };
  return file.includedFrom === undefined ? place : { ...place, from: file.includedFrom };
}
