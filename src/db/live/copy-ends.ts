import type { CopyData } from '../../model/script.js';
import type { CopyCommand } from '../../script/commands/copy.js';
import type { ScriptWalk } from '../../script/walk.js';

/** Where the data of a `\copy` come from, or the file that they go to; neither: the script, or where results go. */
export function copyEnds(
  { file, from }: CopyCommand,
  walk: ScriptWalk,
): { readonly data?: CopyData; readonly into?: string } {
  if (file.kind !== 'path')
    return from && file.kind === 'process' ? { data: whole('/dev/stdin', '<stdin>') } : {};
  const path = walk.resolvePath(file.path);
  return from ? { data: whole(path, file.path) } : { into: path };
}

function whole(path: string, name: string): CopyData {
  return { from: { path }, name, span: undefined, line: 1 };
}
