/**
 * A date or a timestamp as PostgreSQL writes it with DateStyle ISO → microseconds of the proleptic Gregorian calendar,
 * UTC where the text has an offset. As wide as the server's own years: 4713 BC to 5874897.
 */
const MOMENT =
  /^(\d{4,})-(\d\d)-(\d\d)(?: (\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?)?(?:([+-])(\d\d)(?::(\d\d))?(?::(\d\d))?)?( BC)?$/;

const BEYOND = 1n << 80n;

/** Undefined: it is not written so. */
export function momentOf(text: string): bigint | undefined {
  if (text === 'infinity') return BEYOND;
  if (text === '-infinity') return -BEYOND;
  const parts = MOMENT.exec(text);
  if (parts === null) return undefined;
  const number = (index: number): number => Number(parts[index] ?? 0);
  const year = parts[12] === undefined ? number(1) : 1 - number(1);
  const days = daysOf(year, number(2), number(3));
  const offset = secondsOf(number(9), number(10), number(11)) * (parts[8] === '-' ? -1 : 1);
  const seconds = days * 86_400 + secondsOf(number(4), number(5), number(6)) - offset;
  return BigInt(seconds) * 1_000_000n + BigInt((parts[7] ?? '').padEnd(6, '0'));
}

function secondsOf(hours: number, minutes: number, seconds: number): number {
  return (hours * 60 + minutes) * 60 + seconds;
}

/** Days since the first of March of the year 0: years begin in March, so that the leap day is the last. */
function daysOf(year: number, month: number, day: number): number {
  const shifted = month > 2 ? year : year - 1;
  const leaps = Math.floor(shifted / 4) - Math.floor(shifted / 100) + Math.floor(shifted / 400);
  const monthsOn = (month + 9) % 12;
  return shifted * 365 + leaps + Math.floor((monthsOn * 153 + 2) / 5) + day;
}
