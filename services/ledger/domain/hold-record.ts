import type { Hold } from './hold.ts';
import type { Refusal } from './refusal.ts';

/** What is stored under an order id: a hold, a refusal with the terms that it was for, or only that the id is closed. */
export type HoldRecord =
  | { kind: 'hold'; hold: Hold }
  | { kind: 'refused'; hold: Hold; refusal: Refusal }
  | { kind: 'closed'; orderId: string };

/** The order id of a record. */
export function orderIdOf(record: HoldRecord): string {
  return record.kind === 'closed' ? record.orderId : record.hold.orderId;
}

/** The holds among the records, by order id. */
export function holdsAmong(records: ReadonlyMap<string, HoldRecord>): Map<string, Hold> {
  const holds = new Map<string, Hold>();
  for (const [orderId, record] of records) if (record.kind === 'hold') holds.set(orderId, record.hold);
  return holds;
}
