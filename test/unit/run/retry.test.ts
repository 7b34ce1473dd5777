import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Failure } from '../../../src/model/failure.js';
import { retryDelay, retryRule } from '../../../src/run/retry.js';

function refused(code: string, message = ''): Failure {
  return { kind: 'server', severity: 'ERROR', code, message };
}

it('errors that pass by themselves have a rule, others have none', () => {
  expect(retryRule(refused('40P01'))).toBeDefined();
  expect(retryRule(refused('23505'))).toBeUndefined();
  expect(retryRule(refused('57014'))).toBeUndefined();
  expect(retryRule(refused('XX000', 'tuple concurrently updated'))).toBeDefined();
  expect(retryRule(refused('XX000', 'cache lookup failed for relation 1'))).toBeUndefined();
  expect(retryRule({ kind: 'connection', phase: 'lost', message: '' })).toBeDefined();
  expect(retryRule({ kind: 'connection', phase: 'open', message: '', code: '28P01' })).toBeUndefined();
  expect(retryRule({ kind: 'cancelled', message: '' })).toBeUndefined();
});

it('delays grow, are drawn from their upper half, and stay below half a minute', () => {
  const attempts = fc.integer({ min: 2, max: 40 });
  const random = fc.double({ min: 0, max: 1, noNaN: true });
  const law = fc.property(attempts, random, fc.integer({ min: 1, max: 2000 }), (attempt, drawn, delay) => {
    const whole = Math.min(delay * 2 ** (attempt - 2), 30_000);
    const waited = retryDelay({ delay, reason: '' }, attempt, drawn);
    expect(waited).toBeGreaterThanOrEqual(Math.floor(whole / 2));
    expect(waited).toBeLessThanOrEqual(Math.ceil(whole));
  });
  fc.assert(law);
});
