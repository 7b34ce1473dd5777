/** psql's booleans (src/bin/psql/variables.c, ParseVariableBool): words, their beginnings, 1 and 0. */
export function parseBoolean(text: string): boolean | undefined {
  const value = text.toLowerCase();
  if (value === '1') return true;
  if (value === '0') return false;
  // `o` alone could be either.
  if (value === '' || value === 'o') return undefined;
  if (['true', 'yes', 'on'].some((word) => word.startsWith(value))) return true;
  return ['false', 'no', 'off'].some((word) => word.startsWith(value)) ? false : undefined;
}
