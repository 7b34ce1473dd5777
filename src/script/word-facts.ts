import { SUSPECT, SUSPECT_OF_TIES } from './session-effect.js';
import type { SessionEffect, StatementFacts, TransactionControl } from '../model/script.js';

/**
 * The facts about a statement that the parser does not understand, told by its first words: it may be in the language of
 * a newer server. What is wrong here on the safe side only costs time.
 */
export function wordFacts(text: string): StatementFacts {
  const words = firstWords(text);
  return {
    node: '',
    count: 0,
    control: control(words),
    alone: ALONE.test(words),
    session: session(words, text),
  };
}

/** COPY … FROM STDIN by its words (the server takes STDOUT for the same thing). */
export function isCopyFromStdinByWords(text: string): boolean {
  return /^(?:; ?)*COPY\b.*\bFROM STD(?:IN|OUT)\b/.test(firstWords(text));
}

const CONTROL: readonly (readonly [RegExp, TransactionControl])[] = [
  [/^(?:COMMIT|ROLLBACK) PREPARED\b/, 'none'],
  [/^(?:BEGIN|START TRANSACTION)\b/, 'begin'],
  [/^(?:COMMIT|END|ROLLBACK|ABORT)(?: WORK| TRANSACTION)? AND CHAIN\b/, 'savepoint'],
  [/^(?:COMMIT|END)\b/, 'commit'],
  [/^(?:SAVEPOINT|RELEASE|ROLLBACK(?: WORK| TRANSACTION)? TO)\b/, 'savepoint'],
  [/^(?:ROLLBACK|ABORT)\b/, 'rollback'],
  [/^PREPARE TRANSACTION\b/, 'prepare'],
];

const ALONE =
  /^(?:VACUUM|REINDEX|CLUSTER|REPACK|ALTER SYSTEM|DISCARD ALL|(?:CREATE|DROP|ALTER) SUBSCRIPTION|(?:CREATE|DROP) (?:DATABASE|TABLESPACE)|(?:COMMIT|ROLLBACK) PREPARED)\b|^(?:CREATE|DROP|ALTER) .*\bCONCURRENTLY\b|^ALTER DATABASE .* TABLESPACE\b/;

const LOCAL = /^SET (?:LOCAL|TRANSACTION|CONSTRAINTS)\b/;
const SETTING = /^(?:SET|RESET)\b/;
const TIED =
  /^(?:PREPARE|EXECUTE|DEALLOCATE|DECLARE|FETCH|MOVE|CLOSE|LISTEN|UNLISTEN|LOAD|DISCARD)\b|^CREATE (?:OR REPLACE )?(?:LOCAL |GLOBAL )?TEMP(?:ORARY)?\b|^SELECT .* INTO (?:LOCAL |GLOBAL )?TEMP(?:ORARY)?\b|^ALTER (?:DATABASE|ROLE|USER) .* (?:RE)?SET\b/;

function control(words: string): TransactionControl {
  return CONTROL.find(([pattern]) => pattern.test(words))?.[1] ?? 'none';
}

function session(words: string, text: string): SessionEffect {
  if (LOCAL.test(words)) return 'local';
  if (SETTING.test(words)) return 'setting';
  const isTied = (TIED.test(words) && !words.startsWith('PREPARE TRANSACTION')) || SUSPECT_OF_TIES.test(text);
  if (isTied) return 'tied';
  return SUSPECT.test(text) ? 'drawn' : 'none';
}

/** The beginning of the text in capitals, without comments, its words with one blank between them. */
export function firstWords(text: string): string {
  let words = text.slice(0, BEGINNING);
  // Comments nest: the innermost go first.
  for (let before = ''; before !== words;) {
    before = words;
    words = words.replaceAll(/\/\*(?:(?!\/\*|\*\/).)*\*\//gs, ' ');
  }
  return words
    .replaceAll(/--[^\r\n]*/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .toUpperCase();
}

const BEGINNING = 2000;
