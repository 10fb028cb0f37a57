/** What happened in a random history. */
import type { OrderEvent } from '../domain/exchange-event.ts';

/** An order as it was placed. */
export type PlacedOrder = {
  orderId: string;
  accountId: string;
  side: 'buy' | 'sell';
  lots: bigint;
  priceTicks: bigint;
  makerBps: bigint;
  takerBps: bigint;
  house: boolean;
  /** Of a buy by amount: what it may take, fee included, and the lots times ticks that this pays for. */
  byAmount?: { amountMicros: bigint; valueMax: bigint };
  /** Index of its first event; the hold is there from then on. */
  from: number;
  /** Its list, and its place in it: 0 the entry, 1 and 2 the exits. */
  list?: { listId: string; role: number };
};

/** What happened. */
export type History = {
  accounts: string[];
  tickLotMicros: bigint;
  lotMicros: bigint;
  /** Trades that a release booked which counted cash in cents; all others come after them. */
  tradesInCents: number;
  orders: Map<string, PlacedOrder>;
  /** Changes that owners asked for and the exchange has carried out. */
  changes: OwnersChange[];
  events: OrderEvent[];
};

/** A change of an order: held for after `from` events, and carried out by the event `at`. */
export type OwnersChange = {
  orderId: string;
  number: number;
  lots: bigint;
  priceTicks: bigint;
  from: number;
  at: bigint;
};

/** The one symbol that is traded. */
export const symbol = 'ACME';

/** When all of it happened. */
export const timeMs = 1_700_000_000_000n;

/** A UUID of version 7 with a number in it. */
export function idOf(kind: string, number: number): string {
  return `018f0000-${kind}-7000-8000-${number.toString(16).padStart(12, '0')}`;
}
