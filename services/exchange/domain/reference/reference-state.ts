import type { Reason } from '../codes.ts';
import type { EngineEvent } from '../events.ts';
import type { ReferenceBook } from './reference-book.ts';
import type { ReferenceOrder } from './reference-order.ts';

/** What became of a command, as far as the rules tell. */
export type ReferenceOutcome = { accepted: boolean; reason: Reason };

/** What the oracle knows. */
export type ReferenceState = {
  nowMs: number;
  books: ReferenceBook[];
  orders: Map<string, ReferenceOrder>;
  outcomes: Map<string, { body: string; outcome: ReferenceOutcome }>;
  events: EngineEvent[];
};

/** A refusal. */
export function refuse(reason: Reason): ReferenceOutcome {
  return { accepted: false, reason };
}
