import { barLines } from './bar-lines.js';
import { Display } from './display.js';
import type { Paint } from './paint.js';
import { remarkText } from './remarks.js';
import type { Output, Reporter, RunClock } from './reporter.js';
import { applyEvent, newSummary } from './run-summary.js';

/**
 * The progress bars of a terminal: display.ts draws, bar-lines.ts says what. What a user should see at once (notices,
 * warnings, failures) is printed above the bars and stays.
 *
 * close() clears the bars and gives the cursor back, at once and without waiting: it may be called while the process
 * is exiting. Signals are not its business: whoever handles them closes the reporters.
 */
export interface BarsOptions {
  readonly output: Output;
  readonly clock: Pick<RunClock, 'now'>;
  readonly paint: Paint;
}

export interface Bars extends Reporter {
  /**
   * Prints text above the bars. Results that go to the same terminal must come this way: written to standard output
   * behind the back of the bars, they would tear them.
   */
  print(text: string): void;
}

const DEFAULT_COLUMNS = 80;
const DEFAULT_ROWS = 24;

export function bars({ output, clock, paint }: BarsOptions): Bars {
  const summary = newSummary();
  const display = new Display(output, () =>
    barLines({
      summary,
      now: clock.now(),
      columns: output.columns ?? DEFAULT_COLUMNS,
      rows: output.rows ?? DEFAULT_ROWS,
      paint,
    }),
  );
  return {
    event(event) {
      applyEvent(summary, event);
      display.open();
      const remark = remarkText(event, paint);
      if (remark !== undefined) display.print(remark);
    },
    print: (text) => display.print(text.replace(/\n$/, '')),
    close: () => display.close(),
  };
}
