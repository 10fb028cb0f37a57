import type { Order, Refusal } from './order.ts';
import { isFinal } from './order-state.ts';
import { alreadyFinal, ownReplaceRefusal, replaceCommandId } from './replace.ts';
import type { FeedChange } from './transitions.ts';

/** How the change of an order that was on its way has ended, by the feed. */
export type EndedReplace = {
  orderId: string;
  number: number;
  /** Undefined: the order was changed. */
  refusal: Refusal | undefined;
  /** Sequence of the event. */
  position: bigint;
};

/**
 * Ends the pending change of an order when an event of the feed says what became of it: the event names it, or it ends the order. The exchange
 * refuses what it has not carried out until then, whenever that comes.
 */
export function endReplace(order: Order, change: FeedChange): { order: Order; ended?: EndedReplace } {
  if (order.pendingReplace === undefined) return { order };
  const { orderId, replaceNumber: number } = order;
  const isNamed = 'commandId' in change && change.commandId === replaceCommandId({ orderId, number });
  if (!isNamed && !isFinal(order)) return { order };
  const { sequence: position } = change;
  const ended = { orderId, number, refusal: isNamed ? refusalIn(change) : alreadyFinal(order), position };
  return { order: isNamed && change.kind === 'replaced' ? changed(order) : withoutChange(order), ended };
}

/** The order after its pending change, as far as the feed's event does not say it: with its stop price. */
export function changed(order: Order): Order {
  const stopTicks = order.pendingReplace?.stopTicks;
  const specials = stopTicks === undefined ? order.specials : { ...order.specials, stopTicks };
  return { ...withoutChange(order), specials };
}

/** The order with no change on its way. */
export function withoutChange(order: Order): Order {
  return { ...order, pendingReplace: undefined };
}

function refusalIn(change: FeedChange): Refusal | undefined {
  return change.kind === 'command-rejected' ? ownReplaceRefusal(change.refusal) : undefined;
}
