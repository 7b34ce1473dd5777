import type { Diagnostic } from '../model/diagnostic.js';
import { formatPlace, includeLines } from '../model/place.js';
import { excerptLines } from './excerpt.js';
import type { Paint } from './paint.js';

/**
 * The one printer of diagnostics: `file:line:column: error: message`, the line with a caret, and the remedy. What has
 * no place is said by the program: `pqrun: error: …`. Texts come without a newline at their end.
 */
export function diagnosticText(diagnostic: Diagnostic, paint: Paint): string {
  const { severity, message, place, excerpt, hint } = diagnostic;
  const color = severity === 'error' ? paint.error : paint.warning;
  const who = place === undefined ? 'pqrun' : formatPlace(place);
  const lines = [`${paint.strong(`${who}:`)} ${color(`${severity}:`)} ${message}`];
  if (excerpt !== undefined) lines.push(...excerptLines({ prefix: '  ', ...excerpt }));
  if (place !== undefined) lines.push(...includeLines(place));
  if (hint !== undefined) lines.push(`hint: ${hint}`);
  return lines.join('\n');
}

/** All of them, in the order given. */
export function diagnosticsText(diagnostics: readonly Diagnostic[], paint: Paint): string {
  return diagnostics.map((diagnostic) => diagnosticText(diagnostic, paint)).join('\n');
}
