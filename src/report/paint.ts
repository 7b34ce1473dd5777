import { Chalk } from 'chalk';

/**
 * Colour, by meaning. Colour only repeats what the words say already: every text reads the same without it.
 * Whether there is any is decided once, by wantsColor(), and handed to the renderers as a Paint.
 */
export interface Paint {
  readonly error: (text: string) => string;
  readonly warning: (text: string) => string;
  readonly good: (text: string) => string;
  readonly strong: (text: string) => string;
  readonly faint: (text: string) => string;
}

export function makePaint(color: boolean): Paint {
  // Level 1, the 16 colours of the terminal's own theme: they are legible on light and on dark ground.
  const chalk = new Chalk({ level: color ? 1 : 0 });
  return {
    error: (text) => chalk.red(text),
    warning: (text) => chalk.yellow(text),
    good: (text) => chalk.green(text),
    strong: (text) => chalk.bold(text),
    faint: (text) => chalk.dim(text),
  };
}

/**
 * FORCE_COLOR wins over NO_COLOR (as in Node), both win over what the stream is; a dumb terminal has none.
 * Sources: https://no-color.org, https://force-color.org, Node's tty.WriteStream.getColorDepth().
 */
export function wantsColor(
  environment: Readonly<Record<string, string | undefined>>,
  stream: { readonly isTTY?: boolean | undefined },
): boolean {
  const forced = environment.FORCE_COLOR;
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  if (environment.NO_COLOR !== undefined && environment.NO_COLOR !== '') return false;
  return stream.isTTY === true && environment.TERM !== 'dumb';
}
