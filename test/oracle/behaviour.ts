import type { Blocks, Draft } from './draft.js';
import { statement } from './statements.js';

/** What makes a script depend on its run: how psql is to go on, and branches on what the server has answered. */
export function behaviour(draft: Draft, blocks: Blocks): string {
  const { random } = draft;
  const flag = (name: string): string =>
    random.pick([
      `\\set ${name} off\n`,
      `\\set ${name} on\n`,
      `\\set ${name} 0\n`,
      `\\set ${name}\n`,
      `\\unset ${name}\n`,
    ]);
  return draft.choose({
    ON_ERROR_STOP: [2, () => flag('ON_ERROR_STOP')],
    AUTOCOMMIT: [2, () => flag('AUTOCOMMIT')],
    ON_ERROR_ROLLBACK: [2, () => flag('ON_ERROR_ROLLBACK')],
    ECHO: [1.5, () => `\\set ECHO ${random.pick(['all', 'queries', 'errors', 'none'])}\n`],
    'result variables': [
      2,
      () => `\\echo :ROW_COUNT :ERROR :SQLSTATE :LAST_ERROR_SQLSTATE :'LAST_ERROR_MESSAGE'\n`,
    ],
    'failing statement': [
      2,
      () => `SELECT /*error*/ ${draft.serial()}${random.pick([';\n', ' \\g\n', ' \\gset\n', ' \\gexec\n'])}`,
    ],
    'failing block': [
      1.5,
      () =>
        `BEGIN;\n${statement(draft)};\nSELECT /*error*/ 1;\n${statement(draft)};\n${random.pick(['ROLLBACK', 'COMMIT', 'SAVEPOINT a', 'ROLLBACK TO a'])};\n`,
    ],
    'failing \\gexec': [
      1,
      () => `SELECT /*rows a=select%201;a=select%20/*error%2a/;a=select%202*/ 1 \\gexec\n`,
    ],
    savepoints: [
      1,
      () =>
        random.pick([
          'SAVEPOINT a;\n',
          'RELEASE a;\n',
          'ROLLBACK TO SAVEPOINT a;\n',
          '/* c */ savepoint b;\n',
          'release savepoint b;\n',
        ]),
    ],
    'statement without a block': [
      1,
      () =>
        random.pick([
          'VACUUM;\n',
          'vacuum t;\n',
          'CREATE DATABASE d;\n',
          '/* a */ create /* b */ index concurrently i ON t (a);\n',
          'CREATE UNIQUE INDEX CONCURRENTLY i ON t (a);\n',
          'DROP INDEX CONCURRENTLY i;\n',
          'REINDEX TABLE CONCURRENTLY t;\n',
          'reindex table t;\n',
          'ALTER SYSTEM SET a = 1;\n',
          'DISCARD ALL;\n',
          'discard plans;\n',
          'CLUSTER;\n',
          'cluster t;\n',
          "PREPARE TRANSACTION 'x';\n",
          'start transaction;\n',
          "create tablespace x location '/x';\n",
        ]),
    ],
    'branch on a result': [2, () => branch(draft, blocks)],
    'several results': [
      1,
      () =>
        `SELECT /*row a=1*/ 1 \\; ${random.pick(['SELECT /*row b=select%202*/ 2', 'INSERT INTO t VALUES (1)', 'SELECT /*error*/ 1'])} ${random.pick(['\\gset', '\\gexec', '\\gdesc', '\\gx', '\\g'])}\n`,
    ],
  });
}

function branch(draft: Draft, blocks: Blocks): string {
  const { random } = draft;
  if (draft.nesting >= 3) return '';
  draft.nesting += 1;
  const value = random.pick(['true', 'false', '1', '0', 'off']);
  const set = `SELECT /*row r=${value}*/ 1 \\gset\n`;
  const condition = random.pick([':r', ':ERROR', ':ROW_COUNT', ':{?r}', ":'r'", ':LAST_ERROR_MESSAGE']);
  const one = draft.dead(() => blocks(draft, random.between(0, 2)));
  const other = draft.dead(() => blocks(draft, random.between(0, 2)));
  draft.nesting -= 1;
  return `${random.chance(0.7) ? set : ''}\\if ${condition}\n${one}\\else\n${other}\\endif\n`;
}
