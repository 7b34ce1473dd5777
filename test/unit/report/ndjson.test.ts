import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventLog, openEventLog } from '../../../src/report/ndjson.js';
import { jobDone, planReady, runFinished, started } from './sample-run.js';

const events = [started, planReady(1), ...jobDone({ job: 0, from: 0, to: 5 }), runFinished(5, 'done')];

describe('openEventLog', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'pqrun-events-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  it('writes each event as one line, exactly as it is, over what was there', async () => {
    const path = join(directory, 'events.ndjson');
    await writeFile(path, 'old');
    const log = await openEventLog(path, (warning) => expect.fail(warning.message));
    if (!log.ok) return expect.fail('the log did not open');
    for (const event of events) log.value.event(event);
    await log.value.close();
    await log.value.close();
    const lines = (await readFile(path, 'utf8')).split('\n');
    expect(lines.pop()).toBe('');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(events);
  });

  it('refuses a path that cannot be written, before anything runs', async () => {
    const path = join(directory, 'missing', 'events.ndjson');
    const log = await openEventLog(path, (warning) => expect.fail(warning.message));
    expect(log).toMatchObject({ ok: false, diagnostics: [{ severity: 'error' }] });
    if (log.ok) return;
    expect(log.diagnostics[0]?.message).toContain(`cannot write the event log "${path}": ENOENT`);
    expect(log.diagnostics[0]?.hint).toContain('--events');
  });
});

describe('eventLog', () => {
  it('tells the first error of the stream, once, then writes no more and closes', async () => {
    let written = 0;
    const full = new Writable({
      write(_chunk, _encoding, done) {
        written++;
        done(written > 1 ? new Error('ENOSPC: no space left on device') : null);
      },
    });
    const errors: string[] = [];
    const log = eventLog(full, (error) => errors.push(error.message));
    for (const event of events) log.event(event);
    await new Promise((resolve) => full.once('close', resolve));
    for (const event of events) log.event(event);
    await log.close();
    expect({ written, errors }).toEqual({ written: 2, errors: ['ENOSPC: no space left on device'] });
  });

  it('closes when the error comes with the last write', async () => {
    const failing = new Writable({
      final: (done) => done(new Error('EIO')),
      write: (_chunk, _encoding, done) => done(),
    });
    const errors: string[] = [];
    const log = eventLog(failing, (error) => errors.push(error.message));
    log.event(started);
    await log.close();
    expect(errors).toEqual(['EIO']);
  });
});
