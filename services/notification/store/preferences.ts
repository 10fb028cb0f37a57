import type { Sql } from '#platform/postgres/sql.ts';
import type { MessageKind, Preference } from '../domain/kinds.ts';

/** What a person decided; kinds that were never decided are left out. */
export async function readPreferences(sql: Sql, accountId: string): Promise<Preference[]> {
  const { rows } = await sql.query<{ kind: MessageKind; email: boolean; in_app: boolean }>(
    'SELECT kind, email, in_app FROM preference WHERE account_id = $1',
    [accountId],
  );
  return rows.map(({ kind, email, in_app }) => ({ kind, email, inApp: in_app }));
}

/** Puts these in place of all that a person decided before; in a transaction. */
export async function replacePreferences(tx: Sql, accountId: string, preferences: Preference[]): Promise<void> {
  // Two replacements at once take turns, so the whole of one stands in the end.
  await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 1))', [accountId]);
  await tx.query('DELETE FROM preference WHERE account_id = $1', [accountId]);
  await tx.query(
    `INSERT INTO preference (account_id, kind, email, in_app)
     SELECT $1, kind, email, in_app FROM unnest($2::text[], $3::boolean[], $4::boolean[]) AS set (kind, email, in_app)`,
    [
      accountId,
      preferences.map(({ kind }) => kind),
      preferences.map(({ email }) => email),
      preferences.map(({ inApp }) => inApp),
    ],
  );
}
