import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Display } from '../../../src/report/display.js';
import { bars } from '../../../src/report/bars.js';
import { makePaint } from '../../../src/report/paint.js';
import {
  HandClock,
  jobStarted,
  MemoryOutput,
  planReady,
  runStarted,
  statementFailure,
  jobFailed,
} from './sample-run.js';
import { Screen } from './screen.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const FRAME = 100;
const SHOW_CURSOR = '\x1b[?25h';
const HIDE_CURSOR = '\x1b[?25l';

/** What a terminal shows of all that was written. */
function shown(output: MemoryOutput): string {
  return new Screen(output.columns, output.rows).feed(output.text).text;
}

it('draws lines over themselves, ten times a second at most, each frame in one write', () => {
  const output = new MemoryOutput();
  let frames = 0;
  const display = new Display(output, () => [`frame ${++frames}`, 'second line'.slice(0, 12 - frames)]);
  display.open();
  display.open();
  expect(shown(output)).toBe('');
  vi.advanceTimersByTime(FRAME);
  expect(shown(output)).toBe('frame 2\nsecond lin');
  const writes = output.writes.length;
  vi.advanceTimersByTime(10 * FRAME);
  expect(output.writes.length - writes).toBe(10);
  expect(shown(output)).toBe('frame 12');
  display.close();
});

it('prints text above the lines without tearing, wrapping what is long', () => {
  const output = new MemoryOutput();
  output.columns = 20;
  const display = new Display(output, () => ['first bar, quite wide'.slice(0, 19), 'second']);
  display.open();
  vi.advanceTimersByTime(FRAME);
  display.print('NOTICE:  a\nDETAIL:  something longer than the screen is wide');
  display.print('b');
  vi.advanceTimersByTime(FRAME);
  expect(shown(output)).toBe(
    'NOTICE:  a\nDETAIL:  something l\nonger than the scree\nn is wide\nb\nfirst bar, quite wi\nsecond',
  );
  display.close();
  expect(shown(output)).toBe('NOTICE:  a\nDETAIL:  something l\nonger than the scree\nn is wide\nb');
});

it('prints what still waits when it closes, clears the lines, shows the cursor, and is silent ever after', () => {
  const output = new MemoryOutput();
  const display = new Display(output, () => ['bar']);
  display.open();
  expect(output.text).toContain(HIDE_CURSOR);
  display.print('last words');
  display.close();
  expect(shown(output)).toBe('last words');
  expect(output.text.lastIndexOf(SHOW_CURSOR)).toBeGreaterThan(output.text.lastIndexOf(HIDE_CURSOR));
  const { length } = output.writes;
  display.close();
  display.open();
  vi.advanceTimersByTime(20 * FRAME);
  expect(output.writes).toHaveLength(length);
  expect(vi.getTimerCount()).toBe(0);
  display.print('afterthought');
  expect(shown(output)).toBe('last words\nafterthought');
});

it('follows a changing number of lines', () => {
  const output = new MemoryOutput();
  let lines = ['a', 'b', 'c'];
  const display = new Display(output, () => lines);
  display.open();
  vi.advanceTimersByTime(FRAME);
  lines = ['x'];
  vi.advanceTimersByTime(2 * FRAME);
  expect(shown(output)).toBe('x');
  lines = ['1', '2', '3', '4'];
  vi.advanceTimersByTime(3 * FRAME);
  expect(shown(output)).toBe('1\n2\n3\n4');
  display.close();
  expect(shown(output)).toBe('');
});

it('throws what went wrong in a frame where somebody hears it, and gives the terminal back', () => {
  const output = new MemoryOutput();
  let broken = false;
  const display = new Display(output, () => {
    if (broken) throw new Error('cannot draw');
    return ['bar'];
  });
  display.open();
  vi.advanceTimersByTime(FRAME);
  broken = true;
  vi.advanceTimersByTime(3 * FRAME);
  expect(() => display.open()).toThrow('cannot draw');
  expect(shown(output)).toBe('');
  expect(vi.getTimerCount()).toBe(0);
});

it('shows a run: bars below, failures above', async () => {
  const output = new MemoryOutput();
  const clock = new HandClock();
  const reporter = bars({ output, clock, paint: makePaint(false) });
  reporter.event(runStarted(2));
  reporter.event(planReady(4));
  for (const event of jobFailed({ job: 0, from: 0, to: 900 }, [statementFailure()])) reporter.event(event);
  reporter.event(jobStarted({ job: 1, connection: 1, from: 900, name: '02.sql:1' }));
  clock.goTo(5000);
  vi.advanceTimersByTime(2 * FRAME);
  expect(`\n${shown(output)}`).toMatchInlineSnapshot(`
    "
    build/03.sql:12:8: ERROR:  relation "x" does not exist (SQLSTATE 42P01)
    ██████████░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░  25 %  1/4 jobs  5 s  1 failed
    1         idle
    2    4 s  02.sql:1"
  `);
  reporter.print('1,2\n3,4\n');
  await reporter.close();
  expect(shown(output)).toMatchInlineSnapshot(
    `
    "build/03.sql:12:8: ERROR:  relation "x" does not exist (SQLSTATE 42P01)
    1,2
    3,4"
  `,
  );
});
