import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { startDebianServer } from '../debian-server.js';
import { makeTemporary, test } from '../e2e/pqrun.js';
import { ask } from './ask.js';

/** A disk of its own, and a small one: only root can make it. */
function smallDisk(): string {
  const disk = makeTemporary();
  expect(spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=32m,mode=0777', 'tmpfs', disk]).status).toBe(0);
  onTestFinished(() => {
    spawnSync('umount', ['-l', disk]);
    rmSync(disk, { recursive: true, force: true });
  });
  return disk;
}

const isRoot = process.getuid?.() === 0;

test.runIf(isRoot)(
  'a full disk of the server fails the jobs that need it, and the next run does them',
  async ({ work }) => {
    const disk = smallDisk();
    const space = join(disk, 'space');
    mkdirSync(space);
    chmodSync(space, 0o777);
    spawnSync('chown', ['postgres', space]);
    const server = await startDebianServer();
    onTestFinished(() => server.stop());
    await ask(server, 'postgres', `CREATE TABLESPACE small LOCATION '${space}'`);
    await ask(server, 'postgres', 'CREATE TABLE big (job int, filler text) TABLESPACE small');
    await ask(server, 'postgres', 'CREATE TABLE elsewhere (job int)');
    // Seven megabytes are left. Texts that do not compress: each job needs some four, and one that fails leaves its dead
    // rows, so that all three may fail; without the ballast there is room for these and for all jobs.
    writeFileSync(join(disk, 'ballast'), Buffer.alloc(25 * 1024 * 1024));
    const jobs = [1, 2, 3].map(
      (job) =>
        `INSERT INTO big SELECT ${job}, string_agg(md5(g::text || i || ${job}), '') FROM generate_series(1, 1500) AS g, generate_series(1, 80) AS i GROUP BY g;\nINSERT INTO elsewhere VALUES (${job});`,
    );
    work.write({ '1.sql': jobs.join('\n') });
    const args = ['1.sql', '-k', '-j', '2', '--order', 'none', '--journal'];
    const full = await work.pqrun(args, { env: server.env });
    expect(full.stderr).toMatch(/could not extend file .*No space left on device \(SQLSTATE 53100\)/);
    expect(full.status).toBe(3);
    expect(await ask(server, 'postgres', 'SELECT job FROM elsewhere ORDER BY job')).toHaveLength(3);
    rmSync(join(disk, 'ballast'));
    const roomy = await work.pqrun(args, { env: server.env });
    expect([roomy.status, roomy.stderr]).toEqual([0, expect.stringContaining('goes on') as string]);
    const counts = 'SELECT job, count(*)::int AS n FROM big GROUP BY job ORDER BY job';
    expect(await ask(server, 'postgres', counts)).toEqual([1, 2, 3].map((job) => ({ job, n: 1500 })));
    expect(await ask(server, 'postgres', 'SELECT job FROM elsewhere')).toHaveLength(3);
  },
);
