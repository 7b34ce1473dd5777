import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clusterSettings, startSettings } from '../../../src/db/embedded/settings.js';

const GiB = 1024 ** 3;

test('a throw-away cluster does not wait for the disk, a kept one does', () => {
  expect(clusterSettings({ kept: false, memory: 8 * GiB })).toMatchObject({
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    wal_level: 'minimal',
    // wal_level minimal does not start with WAL senders.
    max_wal_senders: '0',
  });
  const kept = clusterSettings({ kept: true, memory: 8 * GiB });
  expect(Object.keys(kept)).not.toEqual(expect.arrayContaining(['fsync']));
  expect(Object.keys(kept)).not.toEqual(expect.arrayContaining(['full_page_writes']));
});

test('memory is a modest share of what there is', () => {
  fc.assert(
    fc.property(fc.boolean(), fc.integer({ min: 0, max: 2048 * GiB }), (kept, memory) => {
      const settings = clusterSettings({ kept, memory });
      const shared = megabytes(settings.shared_buffers);
      const maintenance = megabytes(settings.maintenance_work_mem);
      expect(shared).toBeLessThanOrEqual(512);
      expect(maintenance).toBeLessThanOrEqual(256);
      // Below a gigabyte the least amounts may be a bigger share.
      if (memory >= GiB) expect((shared + maintenance) * 1024 ** 2).toBeLessThanOrEqual(memory / 4);
      expect(shared).toBeGreaterThan(0);
      expect(maintenance).toBeGreaterThan(0);
    }),
  );
  expect(clusterSettings({ kept: false, memory: 2 * GiB }).shared_buffers).toBe('256MB');
});

test('so many connections as asked for are free, beside those that PostgreSQL reserves', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5000 }), (connections) => {
      const { max_connections } = startSettings({ port: 5432, connections, sharedMemory: undefined });
      expect(Number(max_connections)).toBeGreaterThanOrEqual(Math.max(100, connections + 3));
    }),
  );
});

test('only loopback is listened on', () => {
  expect(startSettings({ port: 5433, connections: 1, sharedMemory: undefined })).toMatchObject({
    port: '5433',
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
  });
});

test('parallel workers share memory in files where /dev/shm is small, as in a container', () => {
  const at = (sharedMemory: number | undefined): string | undefined =>
    startSettings({ port: 1, connections: 1, sharedMemory }).dynamic_shared_memory_type;
  expect(at(64 * 1024 ** 2)).toBe('mmap');
  expect(at(2 * GiB)).toBeUndefined();
  expect(at(undefined)).toBeUndefined();
});

function megabytes(value: string | undefined): number {
  return Number(/^(\d+)MB$/.exec(value ?? '')?.[1]);
}
