import type { Sql } from '#platform/postgres/sql.ts';
import type { Preference } from '../domain/kinds.ts';
import { readRecipients } from './read-recipients.ts';

/** The preferences that a person has set; kinds that were never set are left out. */
export async function readPreferences(sql: Sql, accountId: string): Promise<Preference[]> {
  return (await readRecipients(sql, [accountId])).get(accountId)?.preferences ?? [];
}
