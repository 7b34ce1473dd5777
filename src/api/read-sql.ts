import type { InitStatement } from '../db/task.js';
import { DEFAULT_READING, readScripts } from '../script/read.js';
import { needsSession } from '../script/session-effect.js';
import { renderTemplate } from '../script/template.js';
import { valueOf } from './value-of.js';

/** SQL given as an option, `--init-sql`, as statements with what each does to its session. */
export async function readSql(name: string, text: string): Promise<readonly InitStatement[]> {
  if (text.trim() === '') return [];
  const bytes = new TextEncoder().encode(text);
  const read = await readScripts([{ name, bytes }], { ...DEFAULT_READING, syntaxCheck: false });
  const [script] = valueOf(read).value;
  return (script?.statements ?? []).map(({ text: template, facts }) => ({
    text: renderTemplate(template).text,
    session: needsSession(facts.session) ? 'tied' : facts.session === 'setting' ? 'setting' : 'none',
  }));
}

/** What --init-sql leaves set. */
export async function initSettings(initSql: string): Promise<readonly string[]> {
  return (await readSql('--init-sql', initSql)).flatMap(({ text, session }) =>
    session === 'setting' ? text : [],
  );
}
