import type { Database } from '#platform/postgres/sql.ts';

/** How long the bus stores events and dead letters that are not pending. */
export type BusRetention = {
  /** Delivered events, to recognise what is published again; default 1 h. */
  eventMinutes: number;
  /** Events that no consumer takes become dead letters after this; default 7 days. */
  undeliveredDays: number;
  /** Dead letters; default 30 days. */
  deadLetterDays: number;
};

const defaultRetention: BusRetention = { eventMinutes: 60, undeliveredDays: 7, deadLetterDays: 30 };

const rowsMax = 2_000;
const roundsMax = 50;

/** Removes rows past their retention, in short transactions; does nothing while another process does it. */
export async function purgeBus(db: Database, retention: BusRetention = defaultRetention): Promise<void> {
  for (let round = 0; round < roundsMax; round += 1) {
    const removed = await db.transaction(async (tx) => {
      const lock = await tx.query<{ held: boolean }>(
        `SELECT pg_try_advisory_xact_lock(hashtextextended('outcry.bus.purge', 0)) AS held`,
      );
      if (!lock.rows[0]?.held) return 0;
      await tx.query(
        `UPDATE bus.delivery SET dead_time = now(), last_error = 'no consumer took it in time'
         WHERE dead_time IS NULL AND attempts = 0 AND due_time < now() - $1 * interval '1 day'`,
        [retention.undeliveredDays],
      );
      await tx.query(`DELETE FROM bus.delivery WHERE dead_time < now() - $1 * interval '1 day'`, [
        retention.deadLetterDays,
      ]);
      const events = await tx.query(
        `DELETE FROM bus.event WHERE id IN (
           SELECT id FROM bus.event
           WHERE publish_time < now() - $1 * interval '1 minute'
             AND NOT EXISTS (SELECT FROM bus.delivery WHERE delivery.event_id = event.id)
           ORDER BY publish_time
           LIMIT $2)`,
        [retention.eventMinutes, rowsMax],
      );
      return events.rowCount;
    });
    if (removed < rowsMax) return;
  }
}
