import { expect, it } from 'vitest';
import type { RunEvent } from '../../../src/model/event.js';
import { fanOut, type Reporter } from '../../../src/report/reporter.js';
import { planReady, started } from './sample-run.js';

class Recorder implements Reporter {
  readonly heard: string[] = [];
  event(event: RunEvent): void {
    this.heard.push(event.type);
  }
  close(): void {
    this.heard.push('closed');
  }
}

it('tells every reporter every event, and closes all', async () => {
  const recorders = [new Recorder(), new Recorder()];
  const all = fanOut(recorders, (error) => expect.fail(String(error)));
  all.event(started);
  all.event(planReady(1));
  await all.close();
  for (const { heard } of recorders) expect(heard).toEqual(['run-started', 'plan-ready', 'closed']);
});

it('drops a reporter that throws, after one warning, and still closes it', async () => {
  const good = new Recorder();
  let calls = 0;
  let closed = 0;
  const bad: Reporter = {
    event() {
      calls++;
      throw new Error('no paper');
    },
    close() {
      closed++;
      throw new Error('still no paper');
    },
  };
  const errors: unknown[] = [];
  const all = fanOut([bad, good], (error) => {
    errors.push(error);
    // As the run does: the error comes back as an event.
    all.event({ type: 'warning', at: 0, diagnostic: { severity: 'warning', message: 'no paper' } });
  });
  all.event(started);
  all.event(planReady(1));
  await all.close();
  expect({ calls, closed, errors }).toEqual({ calls: 1, closed: 1, errors: [new Error('no paper')] });
  expect(good.heard).toEqual(['run-started', 'warning', 'plan-ready', 'closed']);
});

it('tells what closing throws, and closes all at once', async () => {
  const order: string[] = [];
  const errors: unknown[] = [];
  const slow: Reporter = {
    event: () => undefined,
    close: () => Promise.reject(new Error('disk full')),
  };
  const quick: Reporter = { event: () => undefined, close: () => void order.push('quick') };
  const closing = fanOut([slow, quick], (error) => errors.push(error)).close();
  expect(order).toEqual(['quick']);
  await closing;
  expect(errors).toEqual([new Error('disk full')]);
});
