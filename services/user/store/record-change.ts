import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import type { Sql } from '#platform/postgres/database.ts';

/** Notes what staff did to an account, for the record. */
export async function recordChange(
  tx: Sql,
  options: { accountId: string; actorId: string; change: string; note: string },
): Promise<void> {
  await tx.query(
    'INSERT INTO account_change (account_id, change_id, actor_id, change, note) VALUES ($1, $2, $3, $4, $5)',
    [options.accountId, uuidV7(), options.actorId, options.change, options.note],
  );
}
