import { cumulativeFeeMicros } from '#platform/money/fees.ts';
import { type EndedReplace, endReplace } from './end-replace.ts';
import type { Fill } from './fill.ts';
import { awaitsEntry, type CancelReason, type Order, ownRefusal, type Refusal, valueMicros } from './order.ts';
import { isFinal, moveTo } from './order-state.ts';

/** What one event of the exchange's feed says about one order. */
export type FeedChange = { orderId: string; accountId: string; sequence: bigint; timeMs: number } & (
  | { kind: 'accepted' }
  | { kind: 'rejected'; refusal: Refusal }
  | { kind: 'traded'; tradeId: string; priceTicks: bigint; lots: bigint; remainingLots: bigint; maker: boolean }
  /** Undefined: for a reason that this release does not know. */
  | { kind: 'cancelled'; reason: CancelReason | undefined; commandId: string }
  /** An empty command id: its owner has not asked for it. */
  | { kind: 'replaced'; priceTicks: bigint; quantityLots: bigint; revision: number; commandId: string }
  /** The exchange has refused a change of the order. */
  | { kind: 'command-rejected'; refusal: Refusal; commandId: string }
  /** It waited, and entered the book. */
  | { kind: 'triggered' }
);

/** The result of a feed change. */
export type Transition = {
  order: Order;
  /** Whether the owner sees the change. */
  visible: boolean;
  /** Whether the change cannot follow from the order's state. It is applied all the same, as the feed outranks what is stored here. */
  unexpected: boolean;
  fill?: Fill;
  /** How the change that was on its way has ended. */
  endedReplace?: EndedReplace;
  /** The event to publish. */
  event?: 'opened' | 'entered' | 'filled' | 'ended';
};

/** The order after a change of the feed. Version and change sequence are left to the writer. */
export function applyFeedChange(order: Order, change: FeedChange): Transition {
  const transition = move(order, change);
  const { order: after, ended: endedReplace } = endReplace(transition.order, change);
  return endedReplace === undefined ? transition : { ...transition, order: after, endedReplace };
}

function move(order: Order, change: FeedChange): Transition {
  switch (change.kind) {
    case 'accepted':
      return accept(order, change.sequence);
    case 'rejected':
      return reject(order, change.refusal, change.sequence);
    case 'traded':
      return trade(order, change);
    case 'cancelled':
      return cancel(order, change);
    case 'replaced':
      return replace(order, change);
    case 'triggered':
      return trigger(order, change.timeMs);
    case 'command-rejected':
      return { order, visible: false, unexpected: false };
    default:
      return change satisfies never;
  }
}

/**
 * The order after a refusal of the ledger (from `intent`) or at the end of its compensation (from `compensating`); undefined when it has
 * left that state.
 */
export function refuse(order: Order, from: 'intent' | 'compensating', refusal: Refusal): Order | undefined {
  if (order.state !== from) return undefined;
  return { ...moveTo(order, 'rejected', 'saga'), refusal, compensated: from === 'compensating' };
}

function accept(order: Order, sequence: bigint): Transition {
  if (isFinal(order) || order.state === 'open') return unchanged(order);
  const opened: Order = { ...moveTo(order, 'open', 'feed'), acceptedPosition: sequence };
  return { order: opened, visible: true, unexpected: false, event: 'opened' };
}

function reject(order: Order, refusal: Refusal, sequence: bigint): Transition {
  if (isFinal(order) || order.state === 'open') return unchanged(order);
  const moved = moveTo(order, 'rejected', 'feed');
  const rejected: Order = { ...moved, refusal: ownRefusal(order, refusal), finalPosition: sequence };
  return { order: rejected, visible: true, unexpected: false, event: 'ended' };
}

function trade(order: Order, change: FeedChange & { kind: 'traded' }): Transition {
  const { tradeId, priceTicks, lots, maker, sequence: feedSequence, timeMs: tradeTimeMs } = change;
  const value = valueMicros(order, lots, priceTicks);
  const makerValueMicros = order.makerValueMicros + (maker ? value : 0n);
  const takerValueMicros = order.takerValueMicros + (maker ? 0n : value);
  const feeMicros = cumulativeFeeMicros(order, order.side, { makerValueMicros, takerValueMicros });
  const isWhole = change.remainingLots === 0n;
  const traded: Order = {
    ...moveTo(order, isWhole ? 'filled' : 'open', 'feed'),
    filledLots: order.filledLots + lots,
    // An order by amount is filled when its amount is spent: it has ordered then what it bought.
    quantityLots: isWhole ? order.filledLots + lots : order.quantityLots,
    makerValueMicros,
    takerValueMicros,
    feeMicros,
    refusal: undefined,
    finalPosition: isWhole ? feedSequence : order.finalPosition,
  };
  // Rounded on the cumulative value, so that the fees of the fills add up to the fee of the order.
  const feeOfFill = feeMicros - order.feeMicros;
  const fill = {
    tradeId,
    priceTicks,
    lots,
    maker,
    valueMicros: value,
    feeMicros: feeOfFill,
    feedSequence,
    tradeTimeMs,
  };
  return { order: traded, visible: true, unexpected: order.state !== 'open', fill, event: 'filled' };
}

function cancel(order: Order, { sequence, reason }: FeedChange & { kind: 'cancelled' }): Transition {
  if (order.state === 'open') {
    const cancelRequested = order.cancelRequested || reason === 'requested';
    const moved = moveTo(order, 'cancelled', 'feed');
    const cancelled: Order = { ...moved, cancelRequested, cancelReason: reason, finalPosition: sequence };
    return { order: cancelled, visible: true, unexpected: false, event: 'ended' };
  }
  // The void of an id that the exchange did not know: the compensation goes on to release the hold.
  const next = isFinal(order) ? order : moveTo(order, 'compensating', 'feed');
  const finalPosition = order.finalPosition ?? sequence;
  return { order: { ...next, finalPosition }, visible: false, unexpected: next.state !== order.state };
}

function replace(order: Order, change: FeedChange & { kind: 'replaced' }): Transition {
  const { priceTicks, quantityLots, revision } = change;
  const replaced = { ...order, priceTicks, quantityLots, revision };
  const isFirst = awaitsEntry(order) && !awaitsEntry(replaced);
  return {
    order: replaced,
    visible: true,
    unexpected: order.state !== 'open',
    // An exit enters, or begins to wait for its price, when its entry first trades.
    ...(isFirst && { event: 'entered' as const }),
  };
}

function trigger(order: Order, triggerTimeMs: number): Transition {
  if (order.state !== 'open') return unchanged(order);
  return { order: { ...order, triggerTimeMs }, visible: true, unexpected: false, event: 'entered' };
}

function unchanged(order: Order): Transition {
  return { order, visible: false, unexpected: true };
}
