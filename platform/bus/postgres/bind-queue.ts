import type { Database, Sql } from '#platform/postgres/sql.ts';
import { durably } from './publish-events.ts';

/**
 * How far back a queue gets events of a type that is new to it. Services that start together publish and subscribe in any
 * order; what was published a moment before the first subscription is meant for it too.
 */
const backfillMinutes = 10;

/** The lock under which queues and their types are made. */
const bindingsLock = `hashtextextended('outcry.bus.bindings', 0)`;

/** Makes the queue or adds types to it, and gives it the latest events of the types that are new to it. */
export async function bindQueue(db: Database, queue: string, types: string[]): Promise<void> {
  const isBound = await db.query('SELECT FROM bus.queue WHERE name = $1 AND types @> $2', [queue, types]);
  if (isBound.rowCount === 0) await db.transaction((tx) => bind(tx, queue, types));
}

async function bind(tx: Sql, queue: string, types: string[]): Promise<void> {
  await tx.query(`SELECT ${durably}, pg_advisory_xact_lock(${bindingsLock})`);
  const { rows } = await tx.query<{ start: bigint }>(
    `SELECT coalesce(max(sequence), 0) AS start FROM bus.log WHERE publish_time <= now() - $1 * interval '1 minute'`,
    [backfillMinutes],
  );
  const start = rows[0]?.start ?? 0n;
  const made = await tx.query(
    'INSERT INTO bus.queue (name, types, position) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING',
    [queue, types, start],
  );
  if (made.rowCount === 0) await addTypes(tx, queue, types, start);
}

/**
 * A page that the queue's holder has read by now lacks the new types: it is fenced out, so that its next statement moves nothing. Events
 * that the position has passed are handed over as retries.
 */
async function addTypes(tx: Sql, queue: string, types: string[], start: bigint): Promise<void> {
  const { rows } = await tx.query<{ types: string[]; position: bigint }>(
    'SELECT types, position FROM bus.queue WHERE name = $1 FOR UPDATE',
    [queue],
  );
  const known = new Set(rows[0]?.types);
  const added = types.filter((type) => !known.has(type));
  if (added.length === 0) return;
  await tx.query(
    `UPDATE bus.queue SET types = types || $2, token = token + 1, holder = '', expire_time = 'epoch' WHERE name = $1`,
    [queue, added],
  );
  await tx.query(
    `INSERT INTO bus.retry (queue, event_id, type, key, payload, traceparent, event_time_ms, publish_time)
     SELECT $1, id, type, key, payload, traceparent, event_time_ms, publish_time FROM bus.log
     WHERE sequence > $3 AND sequence <= $4 AND type = ANY ($2)
     ORDER BY sequence
     ON CONFLICT DO NOTHING`,
    [queue, added, start, rows[0]?.position ?? 0n],
  );
}
