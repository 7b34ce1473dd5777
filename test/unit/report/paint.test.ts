import { describe, expect, it } from 'vitest';
import { makePaint, wantsColor } from '../../../src/report/paint.js';

const terminal = { isTTY: true };

describe('wantsColor', () => {
  it.each([
    ['a terminal', {}, terminal, true],
    ['a pipe', {}, {}, false],
    ['NO_COLOR', { NO_COLOR: '1' }, terminal, false],
    ['an empty NO_COLOR', { NO_COLOR: '' }, terminal, true],
    ['FORCE_COLOR in a pipe', { FORCE_COLOR: '1' }, {}, true],
    ['FORCE_COLOR=0', { FORCE_COLOR: '0' }, terminal, false],
    ['both', { FORCE_COLOR: '1', NO_COLOR: '1' }, {}, true],
    ['a dumb terminal', { TERM: 'dumb' }, terminal, false],
  ])('%s', (_name, environment, stream, wanted) => expect(wantsColor(environment, stream)).toBe(wanted));
});

it('paints only when asked to', () => {
  expect(makePaint(false).error('ERROR')).toBe('ERROR');
  expect(makePaint(true).error('ERROR')).toBe('\x1b[31mERROR\x1b[39m');
});
