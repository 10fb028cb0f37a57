import type { Sql } from '#platform/postgres/sql.ts';
import { claimedFor, stillClaimed } from '#platform/queue/claim-due.ts';
import type { ClaimedSlice } from '../domain/slice-step.ts';
import { sliceQueue } from './claim-slices.ts';

/**
 * What follows for a slice: it is due at a time of the market; an attempt has failed, and the next is made so many ms of the machine later; its
 * claimant goes on with it; or it has ended.
 */
export type SliceNext = { dueMs: number } | { retryAfterMs: number } | 'claimed' | 'ended';

/** Stores a claimed slice. Returns false, and stores nothing, when it was claimed or woken since, or has ended. */
export async function saveSlice(sql: Sql, slice: ClaimedSlice, next: SliceNext): Promise<boolean> {
  const { plan, last } = slice;
  const { dueMs, freeAfterMs } = timesOf(slice, next);
  const { rowCount } = await sql.query(
    `UPDATE slice SET lot_micros = $3, weights = $4::jsonb, profile = $5, next_index = $6, order_micros = $7, tries = $8,
       placed_micros = $9, filled_micros = $10, placed_count = $11, refused_count = $12, last_reason = $13,
       last_metadata = $14::jsonb, next_attempt_time = $15, claimed_until = coalesce(${claimedFor('$16')}, claimed_until)
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
      dueMs === undefined ? undefined : new Date(dueMs),
      freeAfterMs,
    ],
  );
  return rowCount === 1;
}

/** When it is due by the market, and after how long by the machine; undefined: never, and as long as it is claimed. */
function timesOf(
  { dueMs }: ClaimedSlice,
  next: SliceNext,
): { dueMs: number | undefined; freeAfterMs: number | undefined } {
  if (next === 'ended') return { dueMs: undefined, freeAfterMs: 0 };
  if (next === 'claimed') return { dueMs, freeAfterMs: undefined };
  return 'dueMs' in next ? { dueMs: next.dueMs, freeAfterMs: 0 } : { dueMs, freeAfterMs: next.retryAfterMs };
}
