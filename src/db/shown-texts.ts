/** `Time: 12.345 ms`, and from a second on `Time: 61234.567 ms (01:01.235)` (src/bin/psql/common.c, PrintTiming). */
export function timingText(duration: number): string {
  const milliseconds = `Time: ${duration.toFixed(3)} ms`;
  if (duration < 1000) return `${milliseconds}\n`;
  const seconds = duration / 1000;
  const two = (value: number): string => String(value).padStart(2, '0');
  const rest = (seconds % 60).toFixed(3).padStart(6, '0');
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${milliseconds} (${two(minutes)}:${rest})\n`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${milliseconds} (${two(hours)}:${two(minutes % 60)}:${rest})\n`;
  return `${milliseconds} (${Math.floor(hours / 24)} d ${two(hours % 24)}:${two(minutes % 60)}:${rest})\n`;
}
