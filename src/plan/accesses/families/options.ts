import type { Node } from 'libpg-query';

/** What an option of a statement is set to; undefined: it is not given, or without a value. */
export function optionNamed(options: readonly Node[], name: string): Node | undefined {
  for (const option of options)
    if ('DefElem' in option && option.DefElem.defname === name) return option.DefElem.arg;
  return undefined;
}
