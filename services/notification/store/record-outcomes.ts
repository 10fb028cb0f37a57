import type { Sql } from '#platform/postgres/sql.ts';
import type { Outcome } from '../domain/message.ts';

const stateOf = { sent: 'sent', released: 'waiting', again: 'waiting', 'given-up': 'dead' } as const;

/**
 * Records the outcomes of claimed deliveries. Changes nothing of one that another replica has claimed since, or whose order has another mail
 * now. The text of a mail that was sent is not needed any more.
 */
export async function recordOutcomes(sql: Sql, outcomes: readonly Outcome[], nowMs: number): Promise<void> {
  const now = new Date(nowMs);
  await sql.query(
    `UPDATE delivery SET state = outcome.state, text = CASE outcome.state WHEN 'sent' THEN '' ELSE delivery.text END,
       attempts = CASE WHEN outcome.released THEN delivery.attempts - 1 ELSE delivery.attempts END,
       next_attempt_time = coalesce(outcome.next_time, delivery.next_attempt_time),
       end_time = CASE outcome.state WHEN 'waiting' THEN NULL ELSE $7::timestamptz END,
       dead_letter_id = outcome.dead_letter_id, last_failure = coalesce(outcome.failure, delivery.last_failure)
     FROM unnest($1::uuid[], $2::integer[], $3::text[], $4::timestamptz[], $5::uuid[], $6::text[], $8::boolean[])
       AS outcome (delivery_id, attempts, state, next_time, dead_letter_id, failure, released)
     WHERE delivery.delivery_id = ANY ($1) AND delivery.delivery_id = outcome.delivery_id AND delivery.attempts = outcome.attempts
       AND delivery.state = 'waiting'`,
    [
      outcomes.map(({ deliveryId }) => deliveryId),
      outcomes.map(({ attempts }) => attempts),
      outcomes.map(({ type }) => stateOf[type]),
      outcomes.map((outcome) => nextTimeOf(outcome, now)),
      outcomes.map((outcome) => (outcome.type === 'given-up' ? outcome.deadLetterId : null)),
      outcomes.map((outcome) => ('failure' in outcome ? outcome.failure : null)),
      now,
      outcomes.map(({ type }) => type === 'released'),
    ],
  );
}

function nextTimeOf(outcome: Outcome, now: Date): Date | null {
  if (outcome.type === 'released') return now;
  return outcome.type === 'again' ? new Date(outcome.nextTimeMs) : null;
}
