/** The facts that people are notified of. Numbers are decimal text, as in their events. */

/** The queue of the events that they are read from. */
export const factQueueName = 'notification.facts';

/** What a message shows of an order. */
export type OrderFact = {
  side: 'buy' | 'sell';
  symbol: string;
  quantity: string;
  /** Empty: none. */
  limitPrice: string;
  /** Its stop price or trail in words; empty: none. */
  stop: string;
  filledQuantity: string;
  /** Of all fills so far; empty: none. */
  averageFillPrice: string;
  /** Of all fills so far; empty: none. */
  fees: string;
  orderId: string;
  /** Rises with each change of the order. */
  version: bigint;
};

/** A fact, of one person. */
export type Fact =
  | { type: 'registered'; displayName: string }
  /** Times are Unix milliseconds. */
  | { type: 'log-ins-failed'; failedCount: number; firstTimeMs: number; lastTimeMs: number }
  /** `scopes` in words; `expireTimeMs` is undefined for a key without an end. */
  | {
      type: 'api-key-made';
      name: string;
      prefix: string;
      scopes: string[];
      allowedNetworks: string[];
      expireTimeMs: number | undefined;
    }
  /** `waitsUntil` is what it waits for outside of the book, in words; empty: it is in the book. `hasWaited`: it has waited before that. */
  | { type: 'order-opened'; order: OrderFact; waitsUntil: string; hasWaited: boolean }
  | { type: 'order-filled'; order: OrderFact; isWhole: boolean; quantity: string; price: string; fee: string }
  /** `reason` is why it was cancelled or refused, in words; empty when that is not known. */
  | { type: 'order-ended'; order: OrderFact; outcome: 'cancelled' | 'rejected'; reason: string }
  | { type: 'deposited' | 'withdrawn'; amount: string; currency: string; transferId: string }
  /** `amount` is signed: what was added, or taken, of cash or of a symbol. */
  | { type: 'adjusted'; asset: string; amount: string; reason: string; adjustmentId: string }
  | {
      type: 'alert';
      name: string;
      symbol: string;
      direction: 'at or above' | 'at or below';
      threshold: string;
      price: string;
      note: string;
    }
  | {
      type: 'run';
      name: string;
      outcome: 'done' | 'refused' | 'missed';
      /** Empty: none, or more than one. */
      orderId: string;
      reason: string;
      /** How far a large order was worked in slices; unset for other runs. Shares are decimals. */
      worked?: { quantity: string; filledQuantity: string; placedCount: number };
    };

const lastRank = 4_095;

/** The place of a fact about an order among those of the same order and millisecond, 0 to 4,095; undefined for other facts. */
export function rankOf(fact: Fact): number | undefined {
  switch (fact.type) {
    case 'order-opened':
      return fact.hasWaited ? Math.min(Number(fact.order.version), lastRank - 1) : 0;
    case 'order-filled':
      return fact.isWhole ? lastRank : Math.min(Number(fact.order.version), lastRank - 1);
    case 'order-ended':
      return lastRank;
    default:
      return undefined;
  }
}
