import { expect, it } from 'vitest';
import { planned } from './planned.js';

/** What PostgreSQL refuses, and what stands behind names that are not followed, must not lead the plan around in a circle. */
it.each([
  [
    'a table that inherits from its heir',
    'CREATE TABLE b () INHERITS (a); ALTER TABLE a INHERIT b',
    / is above .* already$/,
  ],
  ['a table that inherits from itself', 'ALTER TABLE a INHERIT a', / is above .* already$/],
  [
    'a partition of its partition, behind a search_path that is not known',
    `CREATE TABLE p (id int) PARTITION BY LIST (id); CREATE TABLE q PARTITION OF p DEFAULT;
     SELECT unheard_of(); DROP TABLE q; CREATE TABLE public.q (id int) PARTITION BY LIST (id);
     ALTER TABLE public.q ATTACH PARTITION public.p DEFAULT; CREATE INDEX ON public.p (id)`,
    /^nothing is known of the function/,
  ],
])('%s', async (_what, circle, reason) => {
  const { jobs } = await planned(
    `CREATE TABLE a (id int);\n${circle};\nALTER TABLE a ADD x int;\nDROP TABLE a;`,
  );
  const reasons = jobs.flatMap(({ alone }) => (alone === undefined ? [] : [alone.reason]));
  expect(reasons).toContainEqual(expect.stringMatching(reason));
});
