import type { Sql } from '#platform/postgres/sql.ts';
import { requireFindable, requireQueueName } from '../bus.ts';

/** Which of the events wait for the queue: in the log beyond its position, as retries, or set aside. */
export async function findWaiting(db: Sql, queue: string, ids: readonly string[]): Promise<Set<string>> {
  requireQueueName(queue);
  requireFindable(ids);
  const { rows } = await db.query<{ id: string }>('SELECT bus.waiting($1, $2::uuid[]) AS id', [queue, ids]);
  return new Set(rows.map(({ id }) => id));
}
