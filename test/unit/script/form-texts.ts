import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { formOf, type TokenKind } from '../../../src/script/form.js';

/** Of all families that the plan has a rule for: the programs kept for the proof of the same database. */
export const STATEMENTS = kept();

function kept(): readonly string[] {
  const directory = resolve(import.meta.dirname, '../../same/kept');
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.sql'),
  );
  const texts = files.flatMap((name) => readFileSync(join(directory, name), 'utf8').split(/;\s*\n/));
  return [...new Set(texts.map((text) => text.replace(/^\s*--.*$/gm, '').trim()))].filter(
    (text) => text !== '',
  );
}

/** Words that mean something where a role, a type, an option or a strategy stands; and what is written otherwise than meant. */
const NAMES = [
  ...[
    'public',
    'none',
    'bpchar',
    'default_x',
    'login',
    'superuser',
    'hash',
    'list',
    'utf8',
    'path',
    'modulus',
  ],
  ...[
    'x',
    'Foo',
    'int4',
    'date',
    'pg_temp',
    'json',
    'plpgsql',
    'c',
    'z9_',
    '_a',
    'excluded',
    'tableoid',
    'record',
  ],
  ...['"Quoted"', '"select"', '"a""b"', '"public"', '"x y"'],
];
const OTHERS: Readonly<Partial<Record<TokenKind, readonly string[]>>> = {
  name: NAMES,
  quoted: NAMES,
  string: ["'x'", "'it''s'", "'1'", "'zq3z'", "''", '$$body$$', '$a$ x $a$'],
  dollar: ["'x'", '$$body$$', '$a$ x $$ $a$'],
  integer: ['0', '1', '007', '25', '53', '54', '999999999', '7000001', '1234567890'],
  decimal: ['0.0', '1.5', '007.50', '12345678901234567890.5'],
};

/** The statement with some of its names and values replaced. */
export function changed(text: string, random: () => number): string {
  const form = formOf(text);
  if (form === undefined) return text;
  let [made, done] = ['', 0];
  for (const [token, kind] of form.kinds.entries()) {
    const others = OTHERS[kind];
    if (others === undefined || random() < 0.3) continue;
    made += text.slice(done, form.starts[token]) + (others[Math.floor(random() * others.length)] ?? '');
    done = form.ends[token] ?? 0;
  }
  return made + text.slice(done);
}
