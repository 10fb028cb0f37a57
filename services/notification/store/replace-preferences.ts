import type { Sql } from '#platform/postgres/sql.ts';
import type { Preference } from '../domain/kinds.ts';

/** Replaces all preferences of a person, in a transaction. A preference that says nothing of fills leaves what was set of them. */
export async function replacePreferences(tx: Sql, accountId: string, preferences: Preference[]): Promise<void> {
  // Two replacements at once are serialized, so the whole of one remains.
  await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 1))', [accountId]);
  await tx.query('DELETE FROM preference WHERE account_id = $1 AND kind <> ALL ($2::text[])', [
    accountId,
    preferences.map(({ kind }) => kind),
  ]);
  await tx.query(
    `INSERT INTO preference AS stored (account_id, kind, email, in_app, fill_emails)
     SELECT $1, kind, email, in_app, fill_emails
     FROM unnest($2::text[], $3::boolean[], $4::boolean[], $5::text[]) AS set (kind, email, in_app, fill_emails)
     ON CONFLICT (account_id, kind) DO UPDATE SET email = excluded.email, in_app = excluded.in_app,
       fill_emails = coalesce(excluded.fill_emails, stored.fill_emails)`,
    [
      accountId,
      preferences.map(({ kind }) => kind),
      preferences.map(({ email }) => email),
      preferences.map(({ inApp }) => inApp),
      preferences.map(({ fillEmails }) => fillEmails ?? null),
    ],
  );
}
