import type { Sql } from '#platform/postgres/sql.ts';
import type { EndedReplace } from '../../domain/end-replace.ts';
import type { Refusal } from '../../domain/order.ts';
import { refusedState } from '../../domain/replace.ts';

const feedSql = `
  UPDATE replaces AS r SET state = ended.state, refusal_reason = ended.reason, refusal_metadata = ended.metadata,
    final_position = ended.position
  FROM unnest($1::uuid[], $2::int[], $3::text[], $4::text[], $5::jsonb[], $6::bigint[])
    AS ended (order_id, number, state, reason, metadata, position)
  WHERE r.order_id = ended.order_id AND r.number = ended.number AND r.state = 'pending'`;

/** Stores how changes have ended, by the feed; without any it does nothing. */
export async function saveEndedReplaces(tx: Sql, ended: readonly EndedReplace[]): Promise<void> {
  if (ended.length === 0) return;
  await tx.query(feedSql, [
    ended.map(({ orderId }) => orderId),
    ended.map(({ number }) => number),
    ended.map(({ refusal }) => (refusal === undefined ? 'done' : refusedState(refusal))),
    ended.map(({ refusal }) => refusal?.reason ?? null),
    ended.map(({ refusal }) => (refusal === undefined ? null : JSON.stringify(refusal.metadata))),
    ended.map(({ position }) => position),
  ]);
}

// The feed's event of a refusal lacks its numbers: where it came first, the answer adds them.
const answerSql = `
  UPDATE replaces SET state = $2, refusal_reason = $3, refusal_metadata = $4, final_position = $5
  WHERE replace_id = $1
    AND (state = 'pending' OR (state = $2 AND refusal_reason = $3 AND refusal_metadata = '{}'::jsonb))`;

/** Stores the outcome of a change as ledger or exchange have answered it. Without a refusal the order was changed; sequence 0: no event says so. */
export async function saveAnsweredReplace(
  tx: Sql,
  replaceId: string,
  { refusal, feedSequence }: { refusal: Refusal | undefined; feedSequence: bigint },
): Promise<void> {
  const state = refusal === undefined ? 'done' : refusedState(refusal);
  const metadata = refusal === undefined ? null : JSON.stringify(refusal.metadata);
  const position = feedSequence === 0n ? null : feedSequence;
  await tx.query(answerSql, [replaceId, state, refusal?.reason ?? null, metadata, position]);
}
