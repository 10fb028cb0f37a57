import type { Sql } from '#platform/postgres/sql.ts';
import { type Claim, claimDue, type QueueTable } from '#platform/queue/claim-due.ts';
import type { SliceTerms } from '../domain/slice.ts';
import type { ClaimedSlice, SlicePlan } from '../domain/slice-step.ts';
import type { RuleRow } from './rule-row.ts';
import { type ProgressRow, progressColumns, toProgress } from './slice-row.ts';

/** Slices that are worked as a work queue. */
export const sliceQueue: QueueTable = {
  name: 'slice',
  key: 'run_id',
  isPending: 'next_attempt_time IS NOT NULL',
  isOfMarket: true,
};

type Row = ProgressRow &
  Pick<RuleRow, 'account_id' | 'name' | 'state'> & {
    run_id: string;
    rule_id: string;
    scheduled_time: Date;
    slice_terms: SliceTerms;
    lot_micros: bigint | null;
    weights: string[] | null;
    next_index: number;
    order_micros: bigint | null;
    tries: number;
    last_reason: string;
    last_metadata: Record<string, string>;
    attempts: number;
    next_attempt_time: Date;
  };

/** Claims up to `limit` slices that are due, each with what it needs of its run and its rule. */
export async function claimSlices(sql: Sql, claim: Claim): Promise<ClaimedSlice[]> {
  const select = `SELECT ${progressColumns}, slice.run_id, slice.lot_micros, slice.weights, slice.next_index, slice.order_micros, slice.tries,
      slice.last_reason, slice.last_metadata, slice.attempts, slice.next_attempt_time, run.rule_id, run.scheduled_time,
      rule.account_id, rule.name, rule.state, rule.slice_terms
    FROM claimed AS slice JOIN run USING (run_id) JOIN rule USING (rule_id)`;
  return (await claimDue<Row>(sql, sliceQueue, select, claim)).map(toClaimed);
}

function toClaimed(row: Row): ClaimedSlice {
  return {
    ...toProgress(row),
    runId: row.run_id,
    ruleId: row.rule_id,
    accountId: row.account_id,
    name: row.name,
    ruleState: row.state,
    terms: row.slice_terms,
    startMs: row.scheduled_time.getTime(),
    plan: planOf(row),
    nextIndex: row.next_index,
    orderMicros: row.order_micros ?? undefined,
    tries: row.tries,
    last: { reason: row.last_reason, metadata: row.last_metadata },
    attempts: row.attempts,
    dueMs: row.next_attempt_time.getTime(),
  };
}

function planOf({ lot_micros: lotMicros, weights, profile }: Row): SlicePlan | undefined {
  if (lotMicros === null || weights === null || profile === null) return undefined;
  return { lotMicros, weights: weights.map(BigInt), profile };
}
