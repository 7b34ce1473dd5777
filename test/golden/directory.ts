/**
 * A build directory made up by a seeded generator: many files, every quoting form of psql's language in all places,
 * comments, variables, CRLF, BOMs, last statements without a semicolon, and the session habits of real scripts (SET,
 * temporary tables, prepared statements, transaction blocks). Every statement succeeds under psql, so the database
 * afterwards tells whether each was split, substituted and sent as psql does it.
 */
export interface GeneratedFile {
  readonly name: string;
  readonly bytes: Buffer;
}

export const FILES = 200;
export const STATEMENTS = 5000;
export const SEED = 1;

export const VARIABLES: Readonly<Record<string, string>> = {
  plain: '42',
  text: "it's; a \\ \"value\"",
  ident: 'a "strange" ; name',
  schema: 'g',
};

export function generateDirectory(files: number, statements: number, seed = 1): readonly GeneratedFile[] {
  const random = mulberry(seed);
  const perFile = Math.floor(statements / files);
  return Array.from({ length: files }, (_, index) => {
    const extra = index < statements - perFile * files ? 1 : 0;
    const text = new FileWriter(index, random).write(perFile + extra);
    // Natural order is part of the test: 2 comes before 10.
    const directory = index % 3 === 0 ? `${Math.floor(index / 20)} part` : `${Math.floor(index / 20)} part/sub`;
    return { name: `${directory}/${index}-${index % 5 === 0 ? 'ünï' : 'file'}.sql`, bytes: text };
  });
}

/** A small, well-known generator (mulberry32): the same on every machine. */
function mulberry(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

class FileWriter {
  readonly #table: string;
  #count = 0;

  constructor(
    private readonly index: number,
    private readonly random: () => number,
  ) {
    this.#table = `t${index}`;
  }

  write(statements: number): Buffer {
    const parts: string[] = [];
    const first = this.index === 0 ? ['CREATE SCHEMA g'] : [];
    const opening = [...first, `SET search_path = ${this.#pick(['g', ':schema', ':"schema"'])}, public`, this.#createTable()];
    const session = this.index % 4 === 0 ? this.#sessionStatements() : [];
    const rest = statements - opening.length - session.length;
    const body = Array.from({ length: rest }, () => this.#statement());
    const all = [...opening, ...body, ...session];
    all.forEach((statement, position) => {
      const last = position === all.length - 1;
      parts.push(this.#noise(), statement, last && this.index % 3 === 1 ? '' : this.#semicolon());
    });
    const text = parts.join('');
    const lines = this.index % 7 === 2 ? text.replaceAll('\n', '\r\n') : text;
    return Buffer.from(this.index % 11 === 3 ? `\ufeff${lines}` : lines);
  }

  #createTable(): string {
    return `CREATE TABLE ${this.#table} (id int, v text /* ; */, "odd "";"" col" text DEFAULT 'd;''x' -- ; not the end\n)`;
  }

  /** Statements that need each other's session; the last closes the block it opens. */
  #sessionStatements(): readonly string[] {
    const { index } = this;
    return [
      `CREATE TEMP TABLE scratch AS SELECT n FROM generate_series(1, ${index % 5} + 1) AS n`,
      `PREPARE put(int, text) AS INSERT INTO ${this.#table}(id, v) VALUES ($1, $2 || $$;$$)`,
      `EXECUTE put(-1, 'prepared; ${index}')`,
      'BEGIN',
      `SET LOCAL search_path = g`,
      `INSERT INTO ${this.#table}(id, v) SELECT -n, 'temp' FROM scratch`,
      'SAVEPOINT s',
      `DELETE FROM ${this.#table}`,
      'ROLLBACK TO s',
      'END',
    ];
  }

  #statement(): string {
    const id = ++this.#count;
    const target = `INSERT INTO ${this.#table}(id, v) VALUES`;
    switch (Math.floor(this.random() * 14)) {
      case 0:
        return `${target} (${id}, 'a ''quoted''; value' ';') `.replace("' ';'", "'\n  '; continued'");
      case 1:
        return `${target} (${id}, E'back\\'slash; \\\\' || E'\\n;')`;
      case 2:
        return `${target} (${id}, U&'d\\0061t\\+000061; ''' || N'n;' || (B'101'::text) || (X'1F'::text))`;
      case 3:
        return `${target} (${id}, $$;'"/* -- :plain $1$$ || $ä$ ; $$ ; $ä$ || $t1$ $t2$ $t1$)`;
      case 4:
        return `${target} (${id}, :'text'), (:plain, 'c' || :plain::text || ':plain' || $$:'text'$$)`;
      case 5:
        return `/* outer /* inner ; ' */ " still */ ${target} -- it's ; a "comment\n (${id}, '日本語; ünï' /* ' */)`;
      case 6:
        return `CREATE VIEW "v;""${this.index}_${id}" AS SELECT id AS :"ident", v AS "V;" FROM ${this.#table} WHERE v <> ';'`;
      case 7:
        return this.#atomicFunction(id);
      case 8:
        return `CREATE FUNCTION fd${this.index}_${id}() RETURNS text LANGUAGE plpgsql AS $body$BEGIN RETURN $q$;$q$ || ';'; END;$body$`;
      case 9:
        return `DO $$ BEGIN INSERT INTO ${this.#table}(id, v) VALUES (${id}, 'do; :plain'); END $$`;
      case 10:
        return `CREATE RULE r${this.index}_${id} AS ON DELETE TO ${this.#table} WHERE old.id = -${id}9 DO ALSO (SELECT 1; SELECT ';')`;
      case 11:
        return `UPDATE ${this.#table} SET v = v || (ARRAY['x;', 'y', 'z'])[1:2]::text WHERE id % 7 = ${id % 7} AND v !~~ '%{%'`;
      case 12:
        return `COMMENT ON TABLE ${this.#table} IS 'a; comment ''${id}'', :{?plain} and '\n'more'`;
      default:
        return `SELECT CASE WHEN ${id} > 1 THEN 'end;' ELSE 'begin' END AS u&"\\0041;", ${this.index} AS a$b$c, :{?plain} AS is_set`;
    }
  }

  #atomicFunction(id: number): string {
    return `CREATE FUNCTION fa${this.index}_${id}(x int) RETURNS int LANGUAGE sql
BEGIN ATOMIC -- ;
  SELECT CASE WHEN x > 0 THEN 1 ELSE 2 END;
  SELECT x + ${id}; /* END; */
END`;
  }

  #noise(): string {
    const blank = ['', '', '\n', '  \t', '\n-- a comment; with "quotes" and \'\n', '\n\n', '-- :plain\n'];
    return this.#pick(blank);
  }

  #semicolon(): string {
    return this.#pick([';\n', ';\n', ' ; ', '\n;\n', ';;\n', '; -- behind ;\n']);
  }

  #pick<T>(choices: readonly [T, ...T[]] | readonly T[]): T {
    const choice = choices[Math.floor(this.random() * choices.length)];
    if (choice === undefined) throw new RangeError('nothing to pick from');
    return choice;
  }
}
