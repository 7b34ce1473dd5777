import { includedName, type ScriptPaths } from '../script-paths.js';
import type { ScriptFile } from '../script-file.js';
import type { DirectiveContext } from '../statement-directives.js';
import type { Diagnostic } from '../../model/diagnostic.js';
import { readRecordFile } from './file.js';
import { NO_SOURCES, type RecordSources } from './sources.js';

/** How splits over records are read. */
export interface RecordReading {
  readonly query: RecordSources['query'];
  /** They send their columns as parameters, where a statement has any. */
  readonly bind: boolean;
}

/**
 * Where the directives of a script find records. A path is taken as `\ir` takes it: it begins at the script's directory.
 * Without a way of reading no records are read at all. What is wrong inside a file is added to the diagnostics.
 */
export function recordsFor(
  script: ScriptFile,
  reading: RecordReading | undefined,
  { paths, diagnostics }: { readonly paths: ScriptPaths; readonly diagnostics: Diagnostic[] },
): Pick<DirectiveContext, 'records' | 'bind'> {
  if (reading === undefined) return { records: NO_SOURCES, bind: false };
  const file: RecordSources['file'] = (path, from) => {
    const name = includedName(path, true, script);
    const read = readRecordFile({ name, path: paths.resolve(name), from });
    if (read.kind !== 'faults') return read;
    diagnostics.push(...read.diagnostics);
    return { kind: 'told' };
  };
  return { records: { file, query: reading.query }, bind: reading.bind };
}
