import { maskSecrets } from '../db/settings/secrets.js';

/**
 * The command line as others see it (`ps`, /proc/PID/cmdline), without the passwords that stand in it. On Linux the process's title
 * takes its place; where there is nothing to hide it stays as it is. Until this is called, it can be read.
 */
export function hideSecrets(args: readonly string[]): void {
  if (process.platform !== 'linux') return;
  const shown = args.map((arg) => maskSecrets(arg));
  if (shown.some((arg, index) => arg !== args[index])) process.title = ['pqrun', ...shown].join(' ');
}
