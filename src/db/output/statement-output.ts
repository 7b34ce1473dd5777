import type { Failure } from '../../model/failure.js';
import type { PrintSettings } from '../../model/print.js';
import type { ResultTaker } from '../result-taker.js';
import type { UnionMessage } from '../task.js';
import type { JobOutput, TextSink } from './job-output.js';
import { QueryFile } from './query-file.js';
import { ResultPrinter } from './result-printer.js';
import { TargetColumn } from './target-column.js';
import { UnionPrinter } from './union-printer.js';

export interface StatementSinks {
  /** A file of its own. */
  readonly file: string | undefined;
  readonly sink: TextSink;
  /** Of a run over several targets, where the script itself says nothing of where its results go. */
  readonly union?: { readonly message: UnionMessage; readonly output: JobOutput } | undefined;
}

/** Where the results of one statement go: into its own file, or to where its job's output goes. */
export class StatementOutput {
  readonly taker: ResultTaker;
  readonly #file: QueryFile | undefined;

  constructor(print: PrintSettings, { file, sink, union }: StatementSinks) {
    this.#file = file === undefined ? undefined : new QueryFile(file, { isArray: print.format === 'json' });
    this.taker =
      this.#file === undefined && union !== undefined
        ? new UnionPrinter(print, union.message, union.output)
        : this.#apart(print, { sink, union });
  }

  #apart(print: PrintSettings, { sink, union }: Pick<StatementSinks, 'sink' | 'union'>): ResultTaker {
    const printer = new ResultPrinter(print, this.#file ?? sink);
    const target = union?.message.targetColumn;
    return target === undefined ? printer : new TargetColumn(target, printer);
  }

  /** The statement has ended. Returns its failure, or what went wrong with its file. */
  settle(failure: Failure | undefined): Failure | undefined {
    if (failure === undefined) return this.#file?.commit();
    this.#file?.discard();
    return failure;
  }
}
