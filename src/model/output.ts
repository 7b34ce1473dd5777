/** What a job prints, in parts: texts, or bytes in UTF-8 (or whatever a binary COPY gives). Plain data: it crosses threads. */
export interface OutputPart {
  /** `results` are what queries give; `screen` is what a script says beside (`\echo`, echoed statements). */
  readonly to: 'results' | 'screen';
  readonly data: string | Uint8Array;
}
