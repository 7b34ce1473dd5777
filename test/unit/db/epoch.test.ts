import { expect, it } from 'vitest';
import { durableEpoch, isSameEpoch } from '../../../src/db/epoch.js';

const LIFE = '76 1700000000.5 1700000000.7';

it.each([
  [LIFE, LIFE, true],
  [LIFE, '76 1700000000.5 1700000099.1', false],
  ['76 1700000000.5', '76 1700000099.1', false],
  [LIFE, '77 1700000000.5 1700000000.7', false],
  // One of them may not read which system it is, or when the checkpointer began.
  [LIFE, '- 1700000000.5', true],
  ['- 1700000000.5', LIFE, true],
  [LIFE, '- 1700000099.1', false],
  [LIFE, '', false],
])('%s and %s: %s', (then, now, isSame) => {
  expect(isSameEpoch(then, now)).toBe(isSame);
});

it.each([
  ['76 1700000099.1 1700000099.5', true],
  ['77 1700000000.5 1700000000.7', false],
  ['- 1700000099.1', true],
  ['', false],
])('where commits wait for the disk, a restart is none: %s, %s', (now, isSame) => {
  expect(isSameEpoch(durableEpoch(LIFE), now)).toBe(isSame);
});
