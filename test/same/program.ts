/**
 * A program: SQL files, each a list of entries. An entry is one statement with what belongs to it (a directive before it,
 * the data of a COPY behind it); any entry can be left out.
 */
export interface Program {
  readonly files: readonly (readonly Entry[])[];
}

export interface Entry {
  /** The statement as psql sends it, with its `;` and with directives before it. */
  readonly text: string;
  /** Of a COPY … FROM stdin: its lines. */
  readonly data?: string;
  /** Of a `split rows=N`: N. */
  readonly rows?: number;
}

/** As it stands in a file. */
export function entryText({ text, data }: Entry): string {
  return data === undefined ? text : `${text}\n${data}\\.`;
}

/** What one session sends for it: a split as one piece. */
export function sentText({ text, rows }: Entry): string {
  if (rows === undefined) return text;
  return text.replaceAll(/:(rows|hi)\b/g, String(rows)).replaceAll(/:lo\b/g, '1');
}

export function fileText(entries: readonly Entry[]): string {
  return entries.map((entry) => `${entryText(entry)}\n`).join('\n');
}

/** All files as one text, which `parseProgram` reads again. */
export function programText({ files }: Program): string {
  return files.map((entries, index) => `-- file ${index + 1}\n${fileText(entries)}`).join('\n');
}

/** Entries stand between blank lines, files between `-- file` lines; other comments in front are for people. */
export function parseProgram(text: string): Program {
  const files = text.split(/^-- file \d+\n/m).slice(1);
  return { files: files.map((file) => file.trim().split(/\n\n+/).filter(Boolean).map(parseEntry)) };
}

export function parseEntry(text: string): Entry {
  const [, command, data] = /^(.*from stdin[^\n]*;)\n((?:.*\n)*)\\\.$/is.exec(text) ?? [];
  if (command !== undefined && data !== undefined) return { text: command, data };
  const [, rows] = /^-- pqrun: split rows=(\d+)/.exec(text) ?? [];
  return rows === undefined ? { text } : { text, rows: Number(rows) };
}

/** Of the text of one statement. */
export function beginsBlock(text: string): boolean {
  return /^\s*(?:begin|start\s+transaction)\b/i.test(text);
}

export function endsBlock(text: string): boolean {
  return /^\s*(?:commit|end|rollback|abort)\b(?!\s+(?:to|prepared)\b|\s+(?:work|transaction)\s+to\b)/i.test(
    text,
  );
}

export function countEntries({ files }: Program): number {
  return files.reduce((sum, entries) => sum + entries.length, 0);
}
