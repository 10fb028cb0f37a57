import type { Sql } from '#platform/postgres/sql.ts';
import { stillClaimed } from '#platform/queue/claim-due.ts';
import type { ClaimedSlice } from '../domain/slice-step.ts';
import { sliceQueue } from './claim-slices.ts';

/**
 * Stores a claimed slice, due again at a time, or never again for undefined. Returns false, and stores nothing, when it was claimed or woken
 * since, or has ended.
 */
export async function saveSlice(sql: Sql, slice: ClaimedSlice, dueTimeMs: number | undefined): Promise<boolean> {
  const { plan, last } = slice;
  const { rowCount } = await sql.query(
    `UPDATE slice SET lot_micros = $3, weights = $4::jsonb, profile = $5, next_index = $6, order_micros = $7, tries = $8,
       placed_micros = $9, filled_micros = $10, placed_count = $11, refused_count = $12, last_reason = $13,
       last_metadata = $14::jsonb, next_attempt_time = $15
     WHERE ${stillClaimed(sliceQueue)}`,
    [
      slice.runId,
      slice.attempts,
      plan?.lotMicros,
      plan && JSON.stringify(plan.weights.map(String)),
      plan?.profile,
      slice.nextIndex,
      slice.orderMicros,
      slice.tries,
      slice.placedMicros,
      slice.filledMicros,
      slice.placedCount,
      slice.refusedCount,
      last.reason,
      JSON.stringify(last.metadata),
      dueTimeMs === undefined ? undefined : new Date(dueTimeMs),
    ],
  );
  return rowCount === 1;
}
