/**
 * The life of an order: its states, every transition between them, and what follows when a process dies in a state.
 *
 * The `saga` of this service moves an order by compare-and-set on its version. The exchange's `feed` outranks it and may come first in each
 * pending state.
 *
 *   from          to            by    when
 *   (new)         intent        saga  admitted: key, limits and price are right; from here on a hold and a Submit may be under way
 *   (new)         rejected      saga  a business refusal, stored under the key
 *   intent        rejected      saga  the ledger refused the hold
 *   intent        compensating  saga  its caller's time is over, it is too old, or the exchange has no book for the symbol
 *   submitting    compensating  saga  the same; releases before recorded in this state that the ledger holds the greatest cost
 *   compensating  rejected      saga  voided at the exchange and its hold released
 *   pending       open          feed  accepted
 *   pending       rejected      feed  rejected
 *   pending       compensating  feed  cancelled and never accepted: the void of an id that the exchange did not know
 *   open          open          feed  traded in part, replaced, or entered the book after it waited outside of it
 *   open          filled        feed  traded whole
 *   open          cancelled     feed  cancelled
 *
 * A trade is believed in every state: the exchange has matched the order, whatever was recorded here. It counts as unexpected anywhere but
 * in `open`.
 *
 * When the process dies in
 *
 *   (new)         nothing is stored: a retry of the caller places the order
 *   intent        the sweeper of any replica takes the hold again and submits again; an immediate order it only compensates, once it is too
 *                 old; if the exchange has accepted the order, the feed opens it first
 *   submitting    the same, without the hold
 *   compensating  the sweeper voids and releases again
 *   open          the next holder of the consumer's lease goes on from the stored position; the sweeper sends a cancel that was requested
 *   a final state nothing is left to do
 *
 * Holds, Submit, Void and Cancel are keyed by the order's id, so a step that is taken twice has one effect.
 */
export type OrderState = 'intent' | 'submitting' | 'compensating' | 'open' | 'filled' | 'cancelled' | 'rejected';

/** What moves an order from state to state: this service's own steps, or an event of the exchange. */
export type Mover = 'saga' | 'feed';

type Transitions = Record<OrderState, readonly OrderState[]>;

const traded = ['open', 'filled'] as const;
const fromPending = [...traded, 'rejected', 'compensating'] as const;

const transitions: Record<Mover, Transitions> = {
  saga: {
    intent: ['rejected', 'compensating'],
    submitting: ['compensating'],
    compensating: ['rejected'],
    open: [],
    filled: [],
    cancelled: [],
    rejected: [],
  },
  feed: {
    intent: fromPending,
    submitting: fromPending,
    compensating: fromPending,
    open: [...traded, 'cancelled'],
    filled: traded,
    cancelled: traded,
    rejected: traded,
  },
};

/** Whether the transition is one of the table above. */
export function canMove({ state }: { state: OrderState }, to: OrderState, by: Mover): boolean {
  return transitions[by][state].includes(to);
}

/** The order in its next state. Throws TypeError when the transition is not in the table above: a fault of the program. */
export function moveTo<O extends { state: OrderState }>(order: O, to: OrderState, by: Mover): O {
  if (!canMove(order, to, by)) throw new TypeError(`the ${by} cannot move an order from ${order.state} to ${to}`);
  return { ...order, state: to };
}

/** Whether the order is between intent and outcome: it is not known yet whether it will reach the book. */
export function isPending({ state }: { state: OrderState }): boolean {
  return state === 'intent' || state === 'submitting' || state === 'compensating';
}

/** Whether what its owner was answered last is stored: the order is not pending, and no change of it is on its way. */
export function isDecided(order: { state: OrderState; pendingReplace: object | undefined }): boolean {
  return !isPending(order) && order.pendingReplace === undefined;
}

/** Whether the order has ended. */
export function isFinal({ state }: { state: OrderState }): boolean {
  return state === 'filled' || state === 'cancelled' || state === 'rejected';
}
