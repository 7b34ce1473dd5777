import { expect, it } from 'vitest';
import { indexBuiltBy } from '../../../src/db/journal/unfinished-indexes.js';

it.each<readonly [string, ReturnType<typeof indexBuiltBy>]>([
  ['CREATE INDEX CONCURRENTLY i ON t (a)', { schema: undefined, table: 't', index: 'i' }],
  [
    'create unique index concurrently if not exists "I ""x""" on only S."T" using btree (a)',
    { schema: 's', table: 'T', index: 'I "x"' },
  ],
  ['CREATE INDEX CONCURRENTLY ON t (a)', { schema: undefined, table: 't', index: undefined }],
  ['\n  CREATE INDEX CONCURRENTLY größe ON s.größen(a)', { schema: 's', table: 'größen', index: 'größe' }],
  ['CREATE INDEX CONCURRENTLY "on" ON t (a)', { schema: undefined, table: 't', index: 'on' }],
  ['CREATE INDEX i ON t (a)', undefined],
  ["SELECT 'CREATE INDEX CONCURRENTLY i ON t (a)'", undefined],
])('%s', (text, wanted) => {
  expect(indexBuiltBy(text)).toEqual(wanted);
});
