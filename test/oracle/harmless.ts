import type { GeneratedScript } from './script.js';

/**
 * Whether psql may run a generated script: nothing in it can start a shell or an editor, not even after the shrinker has
 * cut pieces out of it or psql has put values together. What the generator writes never needs these characters.
 *
 * psql is given no PATH either (psql.ts).
 */
export function isHarmless({ files, args }: GeneratedScript): boolean {
  return [...Object.values(files).map((bytes) => bytes.toString('latin1')), ...args].every(
    (text) => !DANGEROUS.test(text),
  );
}

/** `!`, `|` and a backquote, also as psql's escapes and the recorder's; `program`; commands that edit, write or wait. */
const DANGEROUS =
  /[!|`]|program|\\x(?:21|60|7c)|\\0*(?:41|140|174)(?!\d)|%(?:21|60|7c)|\\(?:e|ed|edit|ef|ev|w|write|o|out|s|watch|prompt|password|c|connect|setenv|lo_\w+)\b/i;
