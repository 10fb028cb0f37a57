import type { Sql } from '#platform/postgres/sql.ts';
import type { Preference } from '../domain/kinds.ts';

/** Replaces all preferences of a person, in a transaction. */
export async function replacePreferences(tx: Sql, accountId: string, preferences: Preference[]): Promise<void> {
  // Two replacements at once are serialized, so the whole of one remains.
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
