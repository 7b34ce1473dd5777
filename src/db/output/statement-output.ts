import type { Failure } from '../../model/failure.js';
import type { PrintSettings } from '../../model/print.js';
import type { ResultTaker } from '../result-taker.js';
import type { TextSink } from './job-output.js';
import { QueryFile } from './query-file.js';
import { ResultPrinter } from './result-printer.js';

/** Where the results of one statement go: into its own file, or to where its job's output goes. */
export class StatementOutput {
  readonly taker: ResultTaker;
  readonly #file: QueryFile | undefined;

  constructor(
    print: PrintSettings,
    { file, sink }: { readonly file: string | undefined; readonly sink: TextSink },
  ) {
    this.#file = file === undefined ? undefined : new QueryFile(file, { isArray: print.format === 'json' });
    this.taker = new ResultPrinter(print, this.#file ?? sink);
  }

  /** The statement has ended. Returns its failure, or what went wrong with its file. */
  settle(failure: Failure | undefined): Failure | undefined {
    if (failure === undefined) return this.#file?.commit();
    this.#file?.discard();
    return failure;
  }
}
