import { mulDiv } from '#platform/money/rounding.ts';
import type { Side } from './codes.ts';
import { quantityMax, Side as Sides, TradingState } from './codes.ts';
import type { Listing } from './commands.ts';
import { Hasher } from './hasher.ts';
import { Ladder } from './ladder.ts';

/** One symbol's two sides, its terms and its state. */
export class Book {
  readonly listing: Listing;
  /** Hash of the terms. */
  readonly listingHashLow: number;
  readonly listingHashHigh: number;
  state: TradingState = TradingState.CONTINUOUS;
  /** Price of the last trade in ticks; 0: none yet. */
  lastPrice = 0;
  /** The prices that the band lets in, ends included. */
  bandLow = 1;
  bandHigh = quantityMax;
  readonly bids = new Ladder(1);
  readonly asks = new Ladder(-1);

  constructor(listing: Listing) {
    this.listing = listing;
    const { symbol, tickSize, lotSize, currency, bandBps, referencePriceTicks } = listing;
    const hash = new Hasher().reset().text(symbol).text(tickSize).text(lotSize).text(currency);
    hash.long(bandBps).long(referencePriceTicks);
    this.listingHashLow = hash.low();
    this.listingHashHigh = hash.high();
    this.setReference(referencePriceTicks);
  }

  /** The ladder that orders of a side rest in. */
  own(side: Side): Ladder {
    return side === Sides.BUY ? this.bids : this.asks;
  }

  /** The ladder that orders of a side trade with. */
  opposite(side: Side): Ladder {
    return side === Sides.BUY ? this.asks : this.bids;
  }

  /** Lays the band around a price in ticks. */
  setReference(price: number): void {
    if (this.listing.bandBps === 0 || price === 0) return;
    const bps = BigInt(this.listing.bandBps);
    this.bandLow = Math.max(1, Number(mulDiv(BigInt(price), 10_000n - bps, 10_000n, 'ceil')));
    this.bandHigh = Math.min(quantityMax, Number(mulDiv(BigInt(price), 10_000n + bps, 10_000n, 'floor')));
  }

  /** Notes the price of a trade. */
  setLastPrice(price: number): void {
    if (price === this.lastPrice) return;
    this.lastPrice = price;
    this.setReference(price);
  }
}
