import { expect, it } from 'vitest';
import { diagnosticsText, diagnosticText } from '../../../src/report/diagnostic-text.js';
import { makePaint } from '../../../src/report/paint.js';
import { at } from './sample-run.js';

const plain = makePaint(false);

it('prints the place, the cause, the line with a caret and the remedy', () => {
  const text = diagnosticText(
    {
      severity: 'error',
      message: 'syntax error at or near "form"',
      place: at('build/02.sql', 7, 10),
      excerpt: { text: 'SELECT * form x;', column: 10 },
      hint: 'write FROM',
    },
    plain,
  );
  expect(text).toMatchInlineSnapshot(`
    "build/02.sql:7:10: error: syntax error at or near "form"
      SELECT * form x;
               ^
    hint: write FROM"
  `);
});

it('prints what has no place in the name of the program', () => {
  expect(diagnosticText({ severity: 'warning', message: 'no *.sql below build' }, plain)).toBe(
    'pqrun: warning: no *.sql below build',
  );
});

it('prints all, in the order given', () => {
  const diagnostics = ['b', 'a'].map((message) => ({ severity: 'error' as const, message }));
  expect(diagnosticsText(diagnostics, plain)).toBe('pqrun: error: b\npqrun: error: a');
});
