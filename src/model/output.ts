import type { PrintSettings } from './print.js';

/** What a job prints, in parts: texts, or bytes in UTF-8 (or whatever a binary COPY gives). Plain data: it crosses threads. */
export interface OutputPart {
  /** `results` are what queries give; `screen` is what a script says beside (`\echo`, echoed statements). */
  readonly to: 'results' | 'screen';
  readonly data: string | Uint8Array;
  /** Of a run over several targets: a result begins here, and `data` is its header. */
  readonly begin?: ResultBeginning;
}

export interface ResultBeginning {
  readonly columns: readonly ResultColumn[];
  /** How the result is to be printed. */
  readonly print: PrintSettings;
  /** The data are rows as JSON arrays, one a line: the format needs those of all targets. */
  readonly isRaw: boolean;
}

export interface ResultColumn {
  readonly name: string;
  /** The server's number of the type. */
  readonly dataTypeID: number;
}
