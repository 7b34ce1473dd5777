import type { Client, CustomTypesConfig } from 'pg';

/** A row as the server wrote it. */
export type TextRow = Readonly<Record<string, string | null>>;

const AS_TEXT: CustomTypesConfig = { getTypeParser: () => (text: string) => text };

/** Values stay text, whatever their types. */
export async function readRows(client: Client, sql: string): Promise<readonly TextRow[]> {
  const { rows } = await client.query<TextRow>({ text: sql, types: AS_TEXT });
  return rows;
}
