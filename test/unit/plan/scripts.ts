import type { Directives, Script, Statement, StatementFacts } from '../../../src/model/script.js';

/** Scripts made by hand for the tests of the plan: no file is read, no text is parsed. */

type Made = Partial<Pick<StatementFacts, 'control' | 'session' | 'alone'>> &
  Partial<Directives> & { readonly text?: string };

export function script(id: number, statements: readonly Made[], extra: Partial<Script> = {}): Script {
  const name = extra.name ?? `${id}.sql`;
  return {
    id,
    name,
    stage: undefined,
    mode: { session: false, order: undefined },
    ...extra,
    statements: statements.map((made, index) => statement(name, index, made)),
  };
}

function statement(file: string, index: number, made: Made): Statement {
  const { control = 'none', session = 'none', alone = false, text = 'SELECT 1', ...directives } = made;
  const place = { file, line: index + 1, column: 1 };
  return {
    index,
    place,
    span: { start: index * 10, end: index * 10 + 8 },
    text: [{ kind: 'source', text, line: place.line, column: 1 }],
    directives: { after: [], barrier: false, noTransaction: false, ...directives },
    facts: { node: 'SelectStmt', control, alone, session, count: 1 },
    terminated: true,
  };
}

export function after(label: string): Directives['after'] {
  return [{ label, place: { file: 'x.sql', line: 9, column: 9 } }];
}

export function rows(count: number, into?: number): { split: NonNullable<Directives['split']> } {
  const place = { file: 'x.sql', line: 9, column: 9 };
  return { split: { by: 'rows', rows: count, place, ...(into === undefined ? {} : { into }) } };
}
