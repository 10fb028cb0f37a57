import type { Order, Refusal } from './order.ts';
import { isFinal } from './order-state.ts';
import { alreadyFinal, ownReplaceRefusal, replaceCommandId } from './replace.ts';

/** How the change of an order that was on its way has ended, by the feed. */
export type EndedReplace = {
  orderId: string;
  number: number;
  /** Undefined: the order was changed. */
  refusal: Refusal | undefined;
  /** Sequence of the event. */
  position: bigint;
};

/** What an event of the feed says about a change; no command id: nothing of one. */
type Outcome = { kind: string; sequence: bigint; commandId?: string; refusal?: Refusal };

/**
 * Ends the pending change of an order when an event of the feed has its outcome: the event names it, or it ends the order. The exchange
 * refuses what it has not carried out until then, whenever that comes.
 */
export function endReplace(order: Order, change: Outcome): { order: Order; ended?: EndedReplace } {
  if (order.pendingReplace === undefined) return { order };
  const { orderId, replaceNumber: number } = order;
  const isNamed = change.commandId === replaceCommandId({ orderId, number });
  if (!isNamed && !isFinal(order)) return { order };
  const { sequence: position } = change;
  const ended = { orderId, number, refusal: isNamed ? refusalIn(change) : alreadyFinal(order), position };
  return { order: isNamed && change.kind === 'replaced' ? changed(order) : withoutChange(order), ended };
}

/** The order after its pending change, as far as the feed's event does not say it: with its stop price, trail and expiry. */
export function changed(order: Order): Order {
  const { stopTicks, specials } = order.pendingReplace ?? {};
  if (stopTicks === undefined && specials === undefined) return withoutChange(order);
  const { trailTicks, trailBps, ...others } = order.specials ?? {};
  // A new trail takes the place of one of the other kind.
  const isNewTrail = specials?.trailTicks !== undefined || specials?.trailBps !== undefined;
  const trail = isNewTrail || order.type !== 'trailing-stop' ? {} : trailOf({ trailTicks, trailBps });
  const stop = stopTicks === undefined ? {} : { stopTicks };
  return { ...withoutChange(order), specials: { ...others, ...trail, ...stop, ...specials } };
}

function trailOf({ trailTicks, trailBps }: { trailTicks: bigint | undefined; trailBps: number | undefined }) {
  return trailTicks === undefined ? { ...(trailBps !== undefined && { trailBps }) } : { trailTicks };
}

/** The order with no change on its way. */
export function withoutChange(order: Order): Order {
  return { ...order, pendingReplace: undefined };
}

function refusalIn({ kind, refusal }: Outcome): Refusal | undefined {
  return kind === 'command-rejected' && refusal ? ownReplaceRefusal(refusal) : undefined;
}
