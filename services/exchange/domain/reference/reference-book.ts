import { Side, TradingState } from '../codes.ts';
import type { Listing } from '../commands.ts';
import type { ReferenceOrder } from './reference-order.ts';

/** One symbol of the oracle: two arrays, best price first, at one price earliest first. */
export class ReferenceBook {
  readonly listing: Listing;
  state: TradingState = TradingState.CONTINUOUS;
  lastPrice = 0;
  bids: ReferenceOrder[] = [];
  asks: ReferenceOrder[] = [];

  constructor(listing: Listing) {
    this.listing = listing;
  }

  /** The resting orders that an order would trade with at its limit, in the order in which it would. */
  makersFor(side: Side, limit: number): ReferenceOrder[] {
    if (side === Side.BUY) return this.asks.filter(({ priceTicks }) => priceTicks <= limit);
    return this.bids.filter(({ priceTicks }) => priceTicks >= limit);
  }

  /** Rests an order behind all others at its price. */
  add(order: ReferenceOrder): void {
    if (order.side === Side.BUY) {
      this.bids = [...this.bids, order].sort((a, b) => b.priceTicks - a.priceTicks);
    } else {
      this.asks = [...this.asks, order].sort((a, b) => a.priceTicks - b.priceTicks);
    }
  }

  /** Takes an order out, if it rests. */
  remove(order: ReferenceOrder): void {
    this.bids = this.bids.filter((other) => other !== order);
    this.asks = this.asks.filter((other) => other !== order);
  }

  /** Whether a price is within the band around the last trade, or around the listing's reference before the first one. */
  inBand(price: number): boolean {
    const reference = this.lastPrice || this.listing.referencePriceTicks;
    const { bandBps } = this.listing;
    if (bandBps === 0 || reference === 0) return true;
    return Math.abs(price - reference) * 10_000 <= reference * bandBps;
  }
}
