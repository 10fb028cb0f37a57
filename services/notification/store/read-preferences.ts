import type { Sql } from '#platform/postgres/sql.ts';
import type { MessageKind, Preference } from '../domain/kinds.ts';

/** The preferences that a person has set; kinds that were never set are left out. */
export async function readPreferences(sql: Sql, accountId: string): Promise<Preference[]> {
  const { rows } = await sql.query<{ kind: MessageKind; email: boolean; in_app: boolean }>(
    'SELECT kind, email, in_app FROM preference WHERE account_id = $1',
    [accountId],
  );
  return rows.map(({ kind, email, in_app }) => ({ kind, email, inApp: in_app }));
}
