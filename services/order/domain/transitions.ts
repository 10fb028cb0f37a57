import { cumulativeFeeCents } from '#platform/money/fees.ts';
import type { Order, Refusal } from './order.ts';
import { isFinal, valueCents } from './order.ts';

/** Something that the exchange's feed says of one order. */
export type FeedChange = { orderId: string; accountId: string; sequence: bigint; timeMs: number } & (
  | { kind: 'accepted' }
  | { kind: 'rejected'; refusal: Refusal }
  | { kind: 'traded'; tradeId: string; priceTicks: bigint; lots: bigint; remainingLots: bigint; maker: boolean }
  | { kind: 'cancelled' }
  | { kind: 'replaced'; priceTicks: bigint; quantityLots: bigint }
);

/** One fill of one order. */
export type FillFacts = {
  tradeId: string;
  priceTicks: bigint;
  lots: bigint;
  maker: boolean;
  valueCents: bigint;
  /** What this fill added to the order's fees. */
  feeCents: bigint;
  feedSequence: bigint;
  timeMs: number;
};

/**
 * What a change made of an order. `visible`: the owner is told. `unexpected`: the feed said what cannot follow from the
 * order's state; it is believed all the same, and counted.
 */
export type Transition = {
  order: Order;
  visible: boolean;
  unexpected: boolean;
  fill?: FillFacts;
  event?: 'opened' | 'filled' | 'ended';
};

/** The order after what the feed says of it. Version and change sequence are left to the writer. */
export function applyFeedChange(order: Order, change: FeedChange): Transition {
  switch (change.kind) {
    case 'accepted':
      return accept(order, change.sequence);
    case 'rejected':
      return reject(order, change.refusal, change.sequence);
    case 'traded':
      return trade(order, change);
    case 'cancelled':
      return cancel(order, change.sequence);
    case 'replaced':
      return replace(order, change);
    default:
      return change satisfies never;
  }
}

/**
 * The order after a refusal of the ledger (from `intent`) or at the end of its compensation (from `compensating`); undefined
 * when it is in another state by now.
 */
export function refuse(order: Order, from: 'intent' | 'compensating', refusal: Refusal): Order | undefined {
  return order.state === from
    ? { ...order, state: 'rejected', refusal, compensated: from === 'compensating' }
    : undefined;
}

function accept(order: Order, sequence: bigint): Transition {
  if (isFinal(order) || order.state === 'open') return unchanged(order);
  const opened: Order = { ...order, state: 'open', acceptedPosition: sequence };
  return { order: opened, visible: true, unexpected: false, event: 'opened' };
}

function reject(order: Order, refusal: Refusal, sequence: bigint): Transition {
  if (isFinal(order) || order.state === 'open') return unchanged(order);
  const rejected: Order = { ...order, state: 'rejected', refusal, finalPosition: sequence };
  return { order: rejected, visible: true, unexpected: false, event: 'ended' };
}

function trade(order: Order, change: FeedChange & { kind: 'traded' }): Transition {
  const value = valueCents(order, change.lots, change.priceTicks);
  const makerValueCents = order.makerValueCents + (change.maker ? value : 0n);
  const takerValueCents = order.takerValueCents + (change.maker ? 0n : value);
  const feeCents = cumulativeFeeCents(order, order.side, { makerValueCents, takerValueCents });
  const whole = change.remainingLots === 0n;
  const filled: Order = {
    ...order,
    state: whole ? 'filled' : 'open',
    filledLots: order.filledLots + change.lots,
    makerValueCents,
    takerValueCents,
    feeCents,
    refusal: undefined,
    finalPosition: whole ? change.sequence : order.finalPosition,
  };
  const { tradeId, priceTicks, lots, maker, sequence: feedSequence, timeMs } = change;
  const feeOfFill = feeCents - order.feeCents;
  const fill = { tradeId, priceTicks, lots, maker, valueCents: value, feeCents: feeOfFill, feedSequence, timeMs };
  return { order: filled, visible: true, unexpected: order.state !== 'open', fill, event: 'filled' };
}

function cancel(order: Order, sequence: bigint): Transition {
  if (order.state === 'open') {
    const cancelled: Order = { ...order, state: 'cancelled', finalPosition: sequence };
    return { order: cancelled, visible: true, unexpected: false, event: 'ended' };
  }
  // A void of an id that the exchange did not know: the compensation goes on to release the hold.
  const state = isFinal(order) ? order.state : 'compensating';
  const finalPosition = order.finalPosition ?? sequence;
  return { order: { ...order, state, finalPosition }, visible: false, unexpected: order.state !== state };
}

function replace(order: Order, change: FeedChange & { kind: 'replaced' }): Transition {
  const { priceTicks, quantityLots } = change;
  return { order: { ...order, priceTicks, quantityLots }, visible: true, unexpected: order.state !== 'open' };
}

function unchanged(order: Order): Transition {
  return { order, visible: false, unexpected: true };
}
