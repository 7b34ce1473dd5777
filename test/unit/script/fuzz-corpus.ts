/** Lines in which something can hide, end, or begin. Files that they include are never there. */
export const LINES: readonly string[] = [
  "select 'a;''b'; select E'\\';'; select e'a\\\\'; n'x' b'0' x'1' u&'\\0041'",
  "select E'a'\n  'b\\';c';",
  'select "a;""b", u&"c;" uescape \'!\';',
  'select $$a;$$, $a$ $b$ ; $$ $a$, $é$;$é$, $1, a$$b;',
  '/* ; /* \' */ ; -- " */ select 1; -- ; \' $$ /*',
  'create function f() returns int begin atomic select case when a then b end; end;',
  'create or replace procedure p(a int) begin atomic insert into t values (1); end;',
  'create rule r as on insert to t do (select 1; select 2);',
  "select :v, :'v', :\"v\", :{?v}, :{?u}, :u, a::b, c:=d, e[1:2], :w :x :ROW_COUNT;",
  '\\set v \'a\\nb\\x41\\101\' "c d" :x `date`\n\\set w :v:w\n\\unset v',
  '\\set x \'; \\\\\\\\g\'\n\\set y :y\n\\set ON_ERROR_STOP off\n\\set ECHO all',
  '\\if :v\nselect 1\n\\elif 1\n, 2\n\\else\n, \'\n\\endif\n;\'\n\\endif',
  '\\if 0\n\\if :u\n\\else\n/*\n\\endif\n*/\n\\endif\n\\else\n\\q\n\\endif',
  '\\if :ROW_COUNT\nselect (\n\\else\nselect [\n\\endif\n1;',
  "copy t from stdin;\n1\t\\N\n\\.\r\n\\.\nselect 1;\n\\copy t from stdin csv\n'\n\\.",
  "\\copy (select ')' || :v) to 'x' (format csv)\n\\copy \"t\"(a, b) from 'it''s'",
  'select 1 \\g (format=csv tuples_only=on) file\nselect 2 \\gx\nselect 3 \\gset p_\n\\g\n\\gexec',
  'select 1 \\; select 2 \\: \\;\n\\p \\r \\g',
  '\\echo -n \'a\' :v \\\\ \\qecho b \\warn c\n\\i none.sql\n\\ir ./none.sql;\n\\cd /\n\\cd',
  '\\pset format csv\n\\pset null \'x\\n\'\n\\x \\t \\a\n\\timing on\n\\encoding latin1\n\\encoding',
  '\\restrict k\n\\set a 1\n\\unrestrict x\n\\unrestrict k',
  '\\connect - user "a""b" 1\n\\c -reuse-previous=on x\n\\o f\n\\prompt - q v\n\\getenv a A\n\\foo \\',
  '-- pqrun: split rows=:n into=2 label="a b" after=x,y timeout=2min\nselect :lo, :\'hi\', :{?job};',
  '-- pqrun: file session order=none\n-- pqrun: barrier no-transaction\n-- pqrun: oops',
  '\uFEFFselect 1;\r\nselect\r2;\v\f\u00a0;\u2028\0',
  'begin; set standard_conforming_strings = off;\nselect \'\\\';\'; end',
  'é日本😀 select 1e5, .5, 1.., 1..2, 0x1F, 1_000, a.b.c, -- x\n - -1 /*/**/*/ + @-@ 1;',
];

/** What mutations insert. */
export const SPECIAL: readonly string[] = [
  ...["'", '"', '`', '$', '$$', '$a$', '/*', '*/', '--', ';', '(', ')', '\\', '\\\\', ':', '::', ':v', ":'v'", '|'],
  ...["E'", "u&'", '\n', '\r\n', '\r', '\t', ' ', '\v', '\0', 'é', '😀', '\uFEFF', '\\.\n', '\n\\.\n', '{', '}', '?'],
  ...['\\if ', '\\elif ', '\\else\n', '\\endif\n', '\\g ', '\\gset', '\\r', '\\q', '\\set v ', '\\;', '\\:', '\\p\n'],
  ...['begin ', 'end ', 'atomic ', 'case ', 'create function f() ', '-- pqrun: ', ' split rows=3 ', 'copy t from stdin;'],
];

/** Values of variables, which are read as SQL too. */
export const VALUES: readonly string[] = ['', '1', ';', "'", '$$', '/*', '--', '\\', '\\g', '\\r', ':x', ':w', ':v', '(', 'a;b', 'é'];
