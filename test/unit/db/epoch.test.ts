import { expect, it } from 'vitest';
import { isSameEpoch } from '../../../src/db/epoch.js';

it.each([
  ['1700000000.5 1700000000.7', '1700000000.5 1700000000.7', true],
  ['1700000000.5 1700000000.7', '1700000000.5 1700000099.1', false],
  ['1700000000.5', '1700000099.1', false],
  // One of them may not read when the checkpointer began.
  ['1700000000.5 1700000000.7', '1700000000.5', true],
  ['1700000000.5', '1700000000.5 1700000000.7', true],
  ['1700000000.5 1700000000.7', '', false],
])('%s and %s: %s', (one, other, isSame) => {
  expect(isSameEpoch(one, other)).toBe(isSame);
});
