import type { FeedEvent } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { failureCode } from '#platform/postgres/failures.ts';
import { SettlementFault } from '../domain/settle.ts';
import type { Halt } from '../store/shards.ts';

/**
 * Settles a run of events by `settleRun`, all at once. When that fails for a reason that will not go away, settles them one by one up to
 * the one that cannot be, and returns where and why to halt. Failures that may go away are thrown.
 */
export async function settleOrHalt(
  events: readonly FeedEvent[],
  settleRun: (run: readonly FeedEvent[]) => Promise<unknown>,
): Promise<Halt | undefined> {
  try {
    await settleRun(events);
    return undefined;
  } catch (error) {
    if (!isLasting(error)) throw error;
  }
  for (const event of events) {
    try {
      await settleRun([event]);
    } catch (error) {
      if (!isLasting(error)) throw error;
      return { sequence: event.sequence, cause: causeOf(error) };
    }
  }
  return undefined;
}

/** Whether the same event would fail in the same way again: it contradicts the ledger's rules or the database's. */
function isLasting(error: unknown): boolean {
  if (error instanceof SettlementFault || error instanceof RangeError || error instanceof TypeError) return true;
  // Classes 22 (the data is out of range) and 23 (a constraint forbids it).
  return /^2[23]/.test(failureCode(error));
}

function causeOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.slice(0, 1_000);
}
