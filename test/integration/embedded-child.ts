/**
 * A stand-in for pqrun in the tests of the embedded server: starts one with the options in its first argument, says
 * how to reach it in one line of JSON, and does what its standard input says: `stop` (stop the server and end by
 * itself) or `exit` (process.exit without stopping anything).
 */
import { createInterface } from 'node:readline';
import { startEmbedded, type EmbeddedOptions } from '../../src/db/embedded/server.js';

// The test passes nothing else.
const options = JSON.parse(process.argv[2] ?? '{}') as EmbeddedOptions;
const start = await startEmbedded(options);
console.log(JSON.stringify(start));
const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  if (line === 'exit') process.exit(0);
  lines.close();
  process.stdin.destroy();
  if (start.ok) void start.server.stop();
});
