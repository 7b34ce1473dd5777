import type { Diagnostic } from '../../model/diagnostic.js';
import { fault } from './fault.js';
import { KEYWORD_NAMES, KEYWORDS, type Keyword } from './keywords.js';

/** A value and what gave it, as the user knows it: `-p`, `DATABASE_URL`, `PGPORT`, `the service "ci"`. */
export interface Setting {
  readonly value: string;
  readonly origin: string;
}

/**
 * Reads typed values out of the settings that won, and collects every fault, so that all are told at once.
 *
 * An empty value counts as none (libpq: the default then applies), except where it is one of a fixed set of words.
 * It does not know what the values mean together.
 */
export class SettingReader {
  readonly faults: Diagnostic[] = [];
  readonly warnings: Diagnostic[] = [];
  readonly #settings: ReadonlyMap<Keyword, Setting>;

  constructor(settings: ReadonlyMap<Keyword, Setting>) {
    this.#settings = settings;
    for (const keyword of KEYWORD_NAMES) this.#review(keyword);
  }

  text(keyword: Keyword): string | undefined {
    const value = this.#settings.get(keyword)?.value;
    return value === '' ? undefined : value;
  }

  /** Where a value came from. */
  origin(keyword: Keyword): string {
    return this.#settings.get(keyword)?.origin ?? 'the default';
  }

  integer(keyword: Keyword): number | undefined {
    const text = this.text(keyword);
    if (text === undefined) return undefined;
    if (/^\s*[+-]?\d{1,10}\s*$/.test(text)) return Number(text);
    this.refuse(keyword, 'write a whole number');
    return undefined;
  }

  /** One of the parameter's words; undefined also when it is none of them, which is a fault already. */
  choice<T extends string>(keyword: Keyword, choices: readonly T[]): T | undefined {
    const text = this.text(keyword);
    return choices.find((choice) => choice === text);
  }

  /** The value is wrong. */
  refuse(keyword: Keyword, hint: string): void {
    const setting = this.#settings.get(keyword);
    if (setting !== undefined) {
      this.faults.push(fault(`invalid ${keyword} "${setting.value}" (from ${setting.origin})`, hint));
    }
  }

  /** Several values contradict each other, or one that is needed is not there. */
  fault(message: string, hint: string): void {
    this.faults.push(fault(message, hint));
  }

  #review(keyword: Keyword): void {
    const setting = this.#settings.get(keyword);
    if (setting === undefined) return;
    const { value, origin } = setting;
    const { choices, treatment, harmless = [] } = KEYWORDS[keyword];
    if (choices !== undefined && !choices.includes(value)) {
      this.refuse(keyword, `write one of: ${choices.join(', ')}`);
    } else if (value === '' || harmless.includes(value)) {
      return;
    } else if (treatment === 'ignored') {
      const message = `${keyword} (from ${origin}) has no effect: pqrun's driver does not support it`;
      this.warnings.push({ severity: 'warning', message });
    } else if (treatment === 'refused') {
      const instead = harmless.length > 0 ? `, or set it to one of: ${harmless.join(', ')}` : '';
      this.fault(`${keyword} (from ${origin}) is not supported`, `remove it${instead}`);
    }
  }
}
