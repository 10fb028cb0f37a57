import type { Sql } from '#platform/postgres/sql.ts';
import type { BusEvent } from './bus.ts';

/** An event of the outbox; `sequence` names its row. */
export type OutboxRow = { sequence: bigint; event: BusEvent };

/** The turn of a relay that reads a page and publishes it ends after this, if it does not read on. */
const turnMs = 3_000;

type Row = {
  sequence: bigint | null;
  id: string;
  type: string;
  key: string;
  payload: Buffer;
  traceparent: string;
  time_ms: number;
};

/**
 * Deletes the rows `accepted`, which the bus has, and reads the first `limit` of the others, in one statement. Resolves to undefined while
 * it is another relay's turn: that one reads again, and finds what is committed by now. A relay that finds nothing ends its turn.
 */
export async function takeOutboxPage(
  db: Sql,
  { relay, accepted, limit }: { relay: string; accepted: bigint[]; limit: number },
): Promise<OutboxRow[] | undefined> {
  // By their numbers, not by a range: rows with lower numbers may commit later. The commit need not wait for the disk: if a crash of the
  // server undoes it, the events are published again, which changes nothing.
  const { rows } = await db.query<Row>(
    `WITH page AS MATERIALIZED (
       SELECT sequence, id, type, key, payload, traceparent, date_part('epoch', create_time) * 1000 AS time_ms
       FROM platform.outbox
       WHERE sequence <> ALL ($2::bigint[])
       ORDER BY sequence
       LIMIT $3
     ), deleted AS (
       DELETE FROM platform.outbox WHERE sequence = ANY ($2::bigint[])
     ), turn AS (
       INSERT INTO platform.lease AS lease (name, holder, token, expire_time)
       SELECT 'outcry.outbox', $1, 1, CASE WHEN EXISTS (SELECT FROM page) THEN clock_timestamp() + $4 * interval '1 ms' ELSE 'epoch' END
       ON CONFLICT (name) DO UPDATE
         SET holder = excluded.holder, expire_time = excluded.expire_time,
           token = lease.token + CASE WHEN lease.holder = excluded.holder THEN 0 ELSE 1 END
         WHERE lease.holder = excluded.holder OR lease.expire_time < clock_timestamp()
       RETURNING set_config('synchronous_commit', 'off', true)
     )
     SELECT page.* FROM turn LEFT JOIN page ON true ORDER BY page.sequence`,
    [relay, accepted, limit, turnMs],
  );
  if (rows.length === 0) return undefined;
  return rows.flatMap((row) => (row.sequence === null ? [] : [{ sequence: row.sequence, event: toBusEvent(row) }]));
}

/** Lets another relay read at once; for one that cannot publish or that ends. */
export async function endOutboxTurn(db: Sql, relay: string): Promise<void> {
  await db.query(`UPDATE platform.lease SET expire_time = 'epoch' WHERE name = 'outcry.outbox' AND holder = $1`, [
    relay,
  ]);
}

function toBusEvent({ id, type, key, payload, traceparent, time_ms }: Row): BusEvent {
  return { id, type, key, payload, traceparent, timeMs: Math.round(time_ms) };
}
