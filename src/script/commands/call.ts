import type { CopyCommand } from './copy.js';

/**
 * A meta-command with its arguments read and checked, in the words of what it asks for. Values that only the run knows
 * make a call `unknown`: it can be told to be well-formed, but not what it does.
 */
export type CommandCall =
  | { readonly kind: 'send'; readonly how: SendMode }
  | { readonly kind: 'reset' }
  | { readonly kind: 'quit' }
  | { readonly kind: 'print-buffer' }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'list-variables' }
  | { readonly kind: 'if' | 'elif'; readonly condition: Condition }
  | { readonly kind: 'else' | 'endif' }
  | { readonly kind: 'include'; readonly path: Word; readonly relative: boolean }
  | { readonly kind: 'directory'; readonly path: Word | undefined }
  | { readonly kind: 'set'; readonly name: Word; readonly value: Word }
  | { readonly kind: 'unset'; readonly name: Word }
  | { readonly kind: 'getenv'; readonly name: Word; readonly environment: Word }
  | { readonly kind: 'echo'; readonly to: EchoTarget; readonly text: Word }
  | { readonly kind: 'print-option'; readonly name: string; readonly value: Word | undefined }
  | { readonly kind: 'toggle-aligned' }
  | { readonly kind: 'output'; readonly file: Word | undefined }
  | { readonly kind: 'timing'; readonly value: Word | undefined }
  | { readonly kind: 'encoding'; readonly name: Word | undefined }
  | { readonly kind: 'copy'; readonly copy: CopyCommand }
  | {
      readonly kind: 'connect';
      readonly words: readonly (Word | undefined)[];
      readonly reuse: boolean | undefined;
    }
  | { readonly kind: 'prompt'; readonly name: Word; readonly question: Word | undefined }
  | { readonly kind: 'restrict' | 'unrestrict'; readonly key: Word };

/** Text, and whether it holds a value that only the run knows. */
export interface Word {
  readonly text: string;
  readonly isUnknown: boolean;
}

/** `\echo`, `\qecho` (where results go), `\warn`. */
export type EchoTarget = 'stdout' | 'results' | 'stderr';

export type Condition = 'true' | 'false' | 'unknown';

/** How a statement is sent, and what becomes of its result. */
export type SendMode =
  | { readonly kind: 'plain' }
  /** `\g`, `\gx`: for this statement only, into a file, or with other print settings. */
  | {
      readonly kind: 'print';
      readonly file: Word | undefined;
      readonly options: readonly (readonly [string, Word | undefined])[];
    }
  | { readonly kind: 'gset'; readonly prefix: Word }
  | { readonly kind: 'gexec' | 'gdesc' };

export const PLAIN: SendMode = { kind: 'plain' };
