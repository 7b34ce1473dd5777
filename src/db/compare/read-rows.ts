import type { Client, CustomTypesConfig, QueryResult } from 'pg';

/** A row as the server wrote it. */
export type TextRow = Readonly<Record<string, string | null>>;

const AS_TEXT: CustomTypesConfig = { getTypeParser: () => (text: string) => text };

/** Values stay text, whatever their types. */
export async function readRows(client: Client, sql: string): Promise<readonly TextRow[]> {
  const { rows } = await client.query<TextRow>({ text: sql, types: AS_TEXT });
  return rows;
}

/** The rows of each query, in one round trip: their texts are sent as one. */
export async function readAll(
  client: Client,
  queries: readonly string[],
): Promise<readonly (readonly TextRow[])[]> {
  if (queries.length === 0) return [];
  const answer: unknown = await client.query({ text: queries.join(';\n'), types: AS_TEXT });
  // What pg answers to several statements in one text is a list, to one it is one result.
  const results = (Array.isArray(answer) ? answer : [answer]) as readonly QueryResult<TextRow>[];
  return results.map(({ rows }) => rows);
}
