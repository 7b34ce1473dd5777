import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { mulberry32 } from '../../src/run/shuffle.js';
import { startDebianServer, type DebianServer } from '../debian-server.js';
import { hurt } from './campaign.js';

/** The short form of `npm run test:faults`: at least fifty faults, and every job's effect is there exactly once. */

const FAULTS = 50;
const SEED = 20;

let server: DebianServer;
const directory = mkdtempSync(join(tmpdir(), 'pqrun-faults-'));

beforeAll(async () => {
  server = await startDebianServer('primary', { synchronous_commit: 'on' });
});

afterAll(async () => {
  await server.stop();
  rmSync(directory, { recursive: true, force: true });
});

it(`runs that are hurt ${FAULTS} times do every job exactly once`, { timeout: 600_000 }, async () => {
  const random = mulberry32(SEED);
  let faults = 0;
  for (let round = 1; faults < FAULTS; round++) {
    const journal = round % 5 !== 0;
    const report = await hurt({ server, directory, random, journal, jobs: 400, every: 500 });
    expect(report.wrong).toEqual([]);
    faults += Object.values(report.faults).reduce((sum, count) => sum + count, 0);
  }
});
