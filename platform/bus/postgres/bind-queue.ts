import type { Sql } from '#platform/postgres/sql.ts';
import { bindingsLock, durably } from './publish-events.ts';

/**
 * How far back a queue gets events of a type that is new to it. Services that start together publish and subscribe in any
 * order; what was published a moment before the first subscription is meant for it too.
 */
const backfillMinutes = 10;

/** Makes the queue or adds types to it, and gives it the latest events of the types that are new to it. */
export async function bindQueue(tx: Sql, queue: string, types: string[]): Promise<void> {
  await tx.query(`SELECT ${durably}, pg_advisory_xact_lock(${bindingsLock})`);
  const { rows } = await tx.query<{ types: string[] }>('SELECT types FROM bus.queue WHERE name = $1', [queue]);
  const known = new Set(rows[0]?.types);
  const added = types.filter((type) => !known.has(type));
  if (added.length === 0) return;
  await tx.query(
    `INSERT INTO bus.queue AS queue (name, types) VALUES ($1, $2)
     ON CONFLICT (name) DO UPDATE SET types = queue.types || excluded.types`,
    [queue, added],
  );
  await tx.query(
    `INSERT INTO bus.delivery (event_id, queue, type)
     SELECT id, $1, type FROM bus.event
     WHERE type = ANY ($2) AND publish_time > now() - $3 * interval '1 minute'
     ORDER BY publish_time, id
     ON CONFLICT DO NOTHING`,
    [queue, added, backfillMinutes],
  );
}
