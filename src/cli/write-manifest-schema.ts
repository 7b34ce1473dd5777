import { writeFileSync } from 'node:fs';
import { manifestJsonSchema } from '../script/manifest.js';

/** A step of the build: writes the manifest's JSON Schema to the path given. `node dist/write-manifest-schema.cjs PATH` */
const [, , path] = process.argv;
if (path === undefined) {
  process.stderr.write('usage: write-manifest-schema.cjs PATH\n');
  process.exitCode = 1;
} else {
  writeFileSync(path, `${JSON.stringify(manifestJsonSchema(), null, 2)}\n`);
}
