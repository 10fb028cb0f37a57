import type { Database, Sql } from '#platform/postgres/sql.ts';

/** How long the bus stores events and dead letters that are not pending. */
export type BusRetention = {
  /** Events, to recognise what is published again; default 1 h. A queue without a consumer gets its older ones as retries. */
  eventMinutes: number;
  /** Events that no consumer takes become dead letters after this; default 7 days. */
  undeliveredDays: number;
  /** Dead letters, and those that were dropped; default 30 days. */
  deadLetterDays: number;
};

const defaultRetention: BusRetention = { eventMinutes: 60, undeliveredDays: 7, deadLetterDays: 30 };

/** Sequences that one statement passes. */
const rangeLength = 10_000;
const roundsMax = 200;

/** Removes rows past their retention, in short transactions; does nothing while another process does it. */
export async function purgeBus(db: Database, retention: BusRetention = defaultRetention): Promise<void> {
  if (!(await inTurn(db, (tx) => purgeRetries(tx, retention)))) return;
  for (const purge of [passUnread, deleteRange]) {
    for (let round = 0; round < roundsMax; round += 1) {
      if (!(await inTurn(db, (tx) => purge(tx, retention)))) break;
    }
  }
}

/** False when another process is at it, or when `work` has no more to do. */
async function inTurn(db: Database, work: (tx: Sql) => Promise<boolean>): Promise<boolean> {
  return db.transaction(async (tx) => {
    const lock = await tx.query<{ held: boolean }>(
      `SELECT pg_try_advisory_xact_lock(hashtextextended('outcry.bus.purge', 0)) AS held`,
    );
    return lock.rows[0]?.held === true && (await work(tx));
  });
}

async function purgeRetries(tx: Sql, { undeliveredDays, deadLetterDays }: BusRetention): Promise<boolean> {
  await tx.query(
    `UPDATE bus.retry SET dead_time = now(), last_error = 'no consumer took it in time'
     WHERE dead_time IS NULL AND attempts = 0 AND publish_time < now() - $1 * interval '1 day'`,
    [undeliveredDays],
  );
  await tx.query(`DELETE FROM bus.retry WHERE dead_time < now() - $1 * interval '1 day'`, [deadLetterDays]);
  await tx.query(`DELETE FROM bus.dropped WHERE drop_time < now() - $1 * interval '1 day'`, [deadLetterDays]);
  return true;
}

/** Moves a queue that no process reads past a range of old events, which it gets as retries, so that it does not hold up the log. */
async function passUnread(tx: Sql, { eventMinutes }: BusRetention): Promise<boolean> {
  const { rowCount } = await tx.query(
    `WITH unread AS (
       SELECT name, types, position, range.last
       FROM bus.queue CROSS JOIN LATERAL (
         SELECT max(sequence) AS last FROM (
           SELECT sequence, publish_time FROM bus.log WHERE sequence > queue.position ORDER BY sequence LIMIT $2
         ) AS next
         WHERE publish_time < now() - $1 * interval '1 minute'
       ) AS range
       WHERE expire_time < now() - $1 * interval '1 minute' AND range.last IS NOT NULL
       FOR UPDATE OF queue
     ), passed AS (
       UPDATE bus.queue SET position = unread.last FROM unread WHERE queue.name = unread.name
       RETURNING 1
     ), waiting AS (
       INSERT INTO bus.retry (queue, event_id, type, key, payload, traceparent, event_time_ms, publish_time)
       SELECT unread.name, id, type, key, payload, traceparent, event_time_ms, publish_time
       FROM unread JOIN bus.log ON sequence > unread.position AND sequence <= unread.last AND type = ANY (unread.types)
       ORDER BY sequence
       ON CONFLICT DO NOTHING
     )
     SELECT FROM passed`,
    [eventMinutes, rangeLength],
  );
  return rowCount > 0;
}

/** Deletes a range of old events that every queue has passed. */
async function deleteRange(tx: Sql, { eventMinutes }: BusRetention): Promise<boolean> {
  const { rowCount } = await tx.query(
    `DELETE FROM bus.log
     WHERE sequence <= (SELECT max(sequence) FROM (SELECT sequence FROM bus.log ORDER BY sequence LIMIT $2) AS low)
       AND sequence <= (SELECT coalesce(min(position), 9223372036854775807) FROM bus.queue)
       AND publish_time < now() - $1 * interval '1 minute'`,
    [eventMinutes, rangeLength],
  );
  return rowCount >= rangeLength;
}
