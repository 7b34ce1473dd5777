import type { DeleteStmt, Node, RangeVar, UpdateStmt, WithClause } from 'libpg-query';
import { cuts, firstFitting, placesOf, sameTree } from './same-tree.js';
import type { Parser } from './syntax.js';
import { quoteIdentifier } from './variables.js';

/**
 * The text of the query inside a statement, to be planned by itself. Nothing here is guessed: a text is given back only
 * when it parses to the tree that the statement has in that place. What is too tangled to be cut out gives undefined.
 */
export interface QueryPart {
  readonly node: Node | undefined;
  /** WITH of the statement around it, which the query needs too. */
  readonly withClause?: WithClause | undefined;
  readonly text: string;
  readonly parser: Parser;
}

export function readPart({ node, withClause, text, parser }: QueryPart): string | undefined {
  if (node === undefined || !('SelectStmt' in node)) return undefined;
  const select = node.SelectStmt;
  if (withClause === undefined)
    return firstFitting(parser, cuts(text, QUERY_BEGIN, QUERY_END), (found) => sameTree(found, node));
  const wanted = { SelectStmt: { ...select, withClause } };
  return firstFitting(parser, withBefore(text, cuts(text, QUERY_BEGIN, QUERY_END)), (found) =>
    sameKeys(found, wanted),
  );
}

const QUERY_BEGIN = /\b(?:select|with|values|table)\b|\(/gi;
const QUERY_END = /\b(?:on|returning|to)\b|\)/gi;

/** The trees are equal whatever the order of their fields is. */
function sameKeys(found: Node, wanted: { readonly SelectStmt: object }): boolean {
  return 'SelectStmt' in found && sameTree(sorted(found.SelectStmt), sorted(wanted.SelectStmt));
}

function sorted(fields: object): readonly unknown[] {
  return Object.entries(fields).toSorted(([one], [other]) => (one < other ? -1 : 1));
}

/** Each text with what stands before the INSERT, UPDATE or DELETE of the statement: its WITH. */
function* withBefore(text: string, texts: Iterable<string>): Generator<string> {
  const verbs = placesOf(text, /\b(?:insert|update|delete)\b/gi);
  for (const cut of texts) for (const verb of verbs) yield text.slice(0, verb) + cut;
}

/** What an UPDATE reads: the rows that it finds. */
export function selectOfUpdate(update: UpdateStmt, text: string, parser: Parser): string | undefined {
  const { relation, fromClause, whereClause, withClause } = update;
  return selectOfRows({ relation, others: fromClause, whereClause, withClause }, text, parser);
}

export function selectOfDelete(statement: DeleteStmt, text: string, parser: Parser): string | undefined {
  const { relation, usingClause, whereClause, withClause } = statement;
  return selectOfRows({ relation, others: usingClause, whereClause, withClause }, text, parser);
}

interface FoundRows {
  readonly relation: RangeVar | undefined;
  readonly others: readonly Node[] | undefined;
  readonly whereClause: Node | undefined;
  readonly withClause: WithClause | undefined;
}

function selectOfRows(rows: FoundRows, text: string, parser: Parser): string | undefined {
  const { relation, others, whereClause, withClause } = rows;
  if (relation === undefined) return undefined;
  const from = `SELECT * FROM ${rangeText(relation)}`;
  const joined = others === undefined ? /\bwhere\b/gi : /\b(?:from|using)\b/gi;
  const texts = function* (): Generator<string> {
    if (others === undefined && whereClause === undefined) yield from;
    for (const cut of cuts(text, joined, /\breturning\b/gi))
      yield `${from}${others === undefined ? ` ${cut}` : `, ${cut.replace(/^\w+/, '')}`}`;
  };
  const all = withClause === undefined ? texts() : withBefore(text, texts());
  return firstFitting(parser, all, (node) => {
    if (!('SelectStmt' in node)) return false;
    const { fromClause = [], whereClause: where, withClause: ctes, ...rest } = node.SelectStmt;
    const simple = !('groupClause' in rest) && !('sortClause' in rest) && !('limitCount' in rest);
    return (
      simple &&
      sameTree(fromClause.slice(1), others ?? []) &&
      sameTree(where, whereClause) &&
      sameTree(ctes, withClause)
    );
  });
}

function rangeText({ schemaname, relname = '', alias, inh }: RangeVar): string {
  const names = schemaname === undefined ? [relname] : [schemaname, relname];
  const only = inh === true ? '' : 'ONLY ';
  return `${only}${names.map(quoteIdentifier).join('.')}${alias?.aliasname === undefined ? '' : ` AS ${quoteIdentifier(alias.aliasname)}`}`;
}

/** The query without FOR UPDATE and its like; undefined when it has none. `text` is undefined when it cannot be cut. */
export function withoutLock(
  query: string,
  parser: Parser,
): { readonly text: string | undefined } | undefined {
  const parsed = parser.parse(query);
  const [node] = parsed.kind === 'parsed' ? parsed.nodes : [];
  if (node === undefined || !('SelectStmt' in node) || node.SelectStmt.lockingClause === undefined)
    return undefined;
  const wanted = Object.fromEntries(
    Object.entries(node.SelectStmt).filter(([field]) => field !== 'lockingClause'),
  );
  const begins = placesOf(query, /\bfor\s+(?:no\s+key\s+update|update|key\s+share|share)\b/gi);
  const texts = begins.map((begin) => query.slice(0, begin));
  return { text: firstFitting(parser, texts, (found) => sameKeys(found, { SelectStmt: wanted })) };
}
