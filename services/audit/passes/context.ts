import type { Bus } from '#platform/bus/bus.ts';
import { type Clock, fixedClock } from '#platform/clock/clock.ts';
import type { Database } from '#platform/postgres/sql.ts';
import type { CallOptions } from '#platform/rpc/call-options.ts';
import type { ExchangeFeed } from '../clients/exchange-events.ts';
import type { Stores } from '../clients/stores.ts';
import type { Findings } from '../domain/finding.ts';

/** How much a pass proves. */
export type PassKind = 'light' | 'full';

/** What every part of a pass works with. */
export type PassContext = {
  kind: PassKind;
  db: Database;
  stores: Stores;
  feed: ExchangeFeed;
  shards: readonly number[];
  findings: Findings;
  /** How many were checked, by name. */
  checked: Map<string, number>;
  callOptions: CallOptions;
  /** Absent: nothing is on its way by it. */
  bus?: Pick<Bus, 'findWaiting'> | undefined;
  /** How old a fact may be whose message is looked for, in ms of the machine; absent: as old as receipts are stored. */
  messageAgeMaxMs?: number;
  /** Unix milliseconds of the machine. */
  nowMs: () => number;
  /** The market's clock; default that of the machine. */
  clock?: Clock | undefined;
};

/** The market's clock, by which orders, fills and holds have their times and ids; all else is of the machine's. */
export function marketClock({ clock, nowMs }: Pick<PassContext, 'clock' | 'nowMs'>): Clock {
  return clock ?? fixedClock(nowMs);
}

/** Counts what was checked. */
export function count({ checked }: Pick<PassContext, 'checked'>, name: string, number: number): void {
  checked.set(name, (checked.get(name) ?? 0) + number);
}
