/** Places an order exactly once, and follows its state. */
import { isOutcomeUnknown } from './call-error.ts';
import { laterOf, type Order } from './order.ts';
import { rest } from './rest.ts';
import type { Json } from './transport.ts';

/** Places orders one after the other, and remembers the last. */
export type Placer = {
  /**
   * Places an order; the call is repeated under the same key while its outcome is unknown, every 2 s. The same terms after an unknown
   * outcome are the same order.
   * Throws CallError when it is refused, and when the outcome is still unknown after six calls.
   */
  place(terms: Json, signal: AbortSignal, onRetry: () => void): Promise<Order>;
  /** Takes a new state of an order. Returns the latest state of the last placed order; undefined when it is of another one. */
  update(order: Order): Order | undefined;
  /** Forgets the last order; for a log-out, as another user may log in. */
  forget(): void;
};

/** A request of PlaceOrder. */
export type Attempt = { clientOrderId: string; terms: Json };

const attemptsMax = 6;
const attemptEveryMs = 2_000;

/** A placer that has placed nothing; `send` calls PlaceOrder. */
export function createPlacer(send: (attempt: Attempt) => Promise<Order>): Placer {
  let unresolved: Attempt | undefined;
  let placed: Order | undefined;
  // States received while an order is being placed: its fill may arrive before the answer to the call.
  let received: Map<string, Order> | undefined;
  return {
    async place(terms, signal, onRetry) {
      const attempt = attemptFor(terms, unresolved);
      unresolved = attempt;
      placed = undefined;
      received = new Map();
      try {
        const answer = await sendUntilKnown(() => send(attempt), signal, onRetry);
        unresolved = undefined;
        placed = laterOf(received.get(answer.orderId), answer);
        return placed;
      } catch (error) {
        if (!isOutcomeUnknown(error)) unresolved = undefined;
        throw error;
      } finally {
        received = undefined;
      }
    },
    update(order) {
      received?.set(order.orderId, order);
      if (order.orderId !== placed?.orderId) return undefined;
      placed = laterOf(placed, order);
      return placed;
    },
    forget() {
      unresolved = undefined;
      placed = undefined;
    },
  };
}

function attemptFor(terms: Json, unresolved: Attempt | undefined): Attempt {
  if (unresolved !== undefined && JSON.stringify(terms) === JSON.stringify(unresolved.terms)) return unresolved;
  // Not randomUUID, which browsers have on secure origins only.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return { clientOrderId: [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(''), terms };
}

async function sendUntilKnown(send: () => Promise<Order>, signal: AbortSignal, onRetry: () => void): Promise<Order> {
  for (let count = 1; ; count++) {
    try {
      return await send();
    } catch (error) {
      if (!isOutcomeUnknown(error) || count === attemptsMax || signal.aborted) throw error;
    }
    onRetry();
    await rest(attemptEveryMs, signal);
  }
}
