import type { ScriptMode } from '../model/script.js';

/**
 * What a script is read from. Discovery (directories, lists, manifests) makes these; `readScripts` reads them.
 */
export interface ScriptSource {
  /** As printed: the path as given, `<stdin>`, `-c #1`. */
  readonly name: string;
  /** Read from disk; relative to the working directory. */
  readonly path?: string;
  /** The script itself (standard input, `-c`), instead of a path. */
  readonly bytes?: Uint8Array;
  /** The numeric prefix of the file's name, its stage under `--order stages`. */
  readonly stage?: number;
  /** How its statements may overlap, from the manifest; the script's own `file order=` wins. */
  readonly order?: NonNullable<ScriptMode['order']>;
}
