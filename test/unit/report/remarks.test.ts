import { expect, it } from 'vitest';
import { makePaint } from '../../../src/report/paint.js';
import { remarkText } from '../../../src/report/remarks.js';
import { at, jobDone, jobFailed, planReady, runFinished, started, statementFailure } from './sample-run.js';

const plain = makePaint(false);

it('prints notices with their place, as psql -f does', () => {
  const notice = {
    step: 0,
    severity: 'NOTICE',
    code: '00000',
    message: 'hello',
    detail: 'world',
    hint: 'wave',
  };
  expect(remarkText({ type: 'notice', at: 0, job: 0, place: at('a.sql', 3), notice }, plain)).toBe(
    'a.sql:3:1: NOTICE:  hello\nDETAIL:  world\nHINT:  wave',
  );
});

it('prints warnings, lost connections and that the run is being cancelled', () => {
  const warning = { severity: 'warning', message: 'slow disk', hint: 'get another' } as const;
  expect(remarkText({ type: 'warning', at: 0, diagnostic: warning }, plain)).toBe(
    'pqrun: warning: slow disk\nhint: get another',
  );
  expect(remarkText({ type: 'connection-lost', at: 0, connection: 2, message: 'gone' }, plain)).toBe(
    'pqrun: warning: lost connection 3: gone',
  );
  expect(remarkText({ type: 'run-cancelling', at: 0, reason: 'SIGINT' }, plain)).toBe(
    'pqrun: SIGINT: cancelling the running statements, nothing new starts',
  );
});

it('prints the headline of a failure, but not of what pqrun cancelled', () => {
  const failed = jobFailed({ job: 0, from: 0, to: 1 }, [
    statementFailure(),
    statementFailure({ place: at('b.sql', 2) }),
  ]);
  expect(failed.map((event) => remarkText(event, plain))).toEqual([
    undefined,
    'build/03.sql:12:8: ERROR:  relation "x" does not exist (SQLSTATE 42P01)\n' +
      'b.sql:2:1: ERROR:  relation "x" does not exist (SQLSTATE 42P01)',
  ]);
  const cancelled = jobFailed({ job: 0, from: 0, to: 1 }, [statementFailure()], true);
  expect(cancelled.map((event) => remarkText(event, plain))).toEqual([undefined, undefined]);
});

it('is silent about everything that goes well', () => {
  const events = [started, planReady(1), ...jobDone({ job: 0, from: 0, to: 1 }), runFinished(1, 'done')];
  expect(events.flatMap((event) => remarkText(event, plain) ?? [])).toEqual([]);
});
