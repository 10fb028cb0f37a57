import { none, quantityMax, Side, TradingState } from '../model/codes.ts';
import type { Listing } from '../model/commands.ts';
import { Hasher } from '../model/hasher.ts';
import { PriceLadder } from './price-ladder.ts';

const bpsWhole = 10_000;

/**
 * The trailing stops of one side of a book, by the best price that each has seen; the ones that a trade moves first are best in the
 * ladder. An entry of the ladder is the slot of the first of them; the others of the same price are linked to it, unordered.
 */
export class TrailingLadder {
  count = 0;
  readonly ladder: PriceLadder;

  /** Stops to sell follow the highest price, those to buy the lowest. */
  constructor(side: Side) {
    this.ladder = new PriceLadder(side === Side.BUY);
  }
}

/** The order book of one symbol: its queues, terms and state. */
export class Book {
  readonly number: number;
  readonly listing: Listing;
  /** Hash of the terms. */
  readonly listingHashLow: number;
  readonly listingHashHigh: number;
  state: TradingState = TradingState.CONTINUOUS;
  /** Price of the last trade in ticks; 0: none yet. */
  lastPrice = 0;
  /** The listing's reference price, adjusted for splits; 0: none. */
  listingReference: number;
  /** The breaker's reference price; 0: none yet. */
  breakerReference: number;
  /** The inclusive range of prices that do not trip the breaker. */
  breakerLow = 1;
  breakerHigh = quantityMax;
  /** Due time of the breaker's next change of state, Unix ms; 0: none. */
  timerTimeMs = 0;
  readonly bids = new PriceLadder(true);
  readonly asks = new PriceLadder(false);
  /** Waiting stops by stop price; the first to be elected is best. */
  readonly buyStops = new PriceLadder(false);
  readonly sellStops = new PriceLadder(true);
  /** By `Queue`. */
  readonly ladders: readonly PriceLadder[];
  readonly trailing = { buys: new TrailingLadder(Side.BUY), sells: new TrailingLadder(Side.SELL) };
  /** Levels of the queues without a price; `none` until first used. */
  atClose: number = none;
  elected: number = none;
  inactive: number = none;
  #bandAround: number = none;
  #bandLow = 1;
  #bandHigh = quantityMax;

  constructor(number: number, listing: Listing) {
    this.number = number;
    this.listing = listing;
    this.ladders = [this.bids, this.asks, this.buyStops, this.sellStops];
    this.listingReference = listing.referencePriceTicks;
    this.breakerReference = 0;
    this.setBreaker(listing.referencePriceTicks);
    const { symbol, tickSize, lotSize, currency, bandBps, referencePriceTicks } = listing;
    const hash = new Hasher().reset().text(symbol).text(tickSize).text(lotSize).text(currency);
    hash.long(bandBps).long(referencePriceTicks);
    hash.long(listing.breakerBps).long(listing.breakerHaltMs).long(listing.breakerAuctionMs);
    this.listingHashLow = hash.low();
    this.listingHashHigh = hash.high();
  }

  /** Price of the last trade; before the first trade the listing's reference price; 0: none. */
  get reference(): number {
    return this.lastPrice === 0 ? this.listingReference : this.lastPrice;
  }

  /** Whether the book collects orders without trading. */
  get isCollecting(): boolean {
    const { state } = this;
    if (state === TradingState.PRE_OPEN || state === TradingState.OPENING_AUCTION) return true;
    return state === TradingState.CLOSING_AUCTION;
  }

  /** The ladder that orders of a side rest in. */
  own(side: Side): PriceLadder {
    return this.ladders[side - 1]!;
  }

  /** The ladder that orders of a side trade with. */
  opposite(side: Side): PriceLadder {
    return this.ladders[2 - side]!;
  }

  /** The lowest and greatest price within the band. */
  get bandLow(): number {
    this.#updateBand();
    return this.#bandLow;
  }

  get bandHigh(): number {
    this.#updateBand();
    return this.#bandHigh;
  }

  /** Whether a price is outside the book's band. */
  outOfBand(price: number): boolean {
    if (this.listing.bandBps === 0) return false;
    this.#updateBand();
    return price < this.#bandLow || price > this.#bandHigh;
  }

  /** Sets the breaker's reference price and range; 0: the first trade sets them. */
  setBreaker(price: number): void {
    this.breakerReference = price;
    const { low, high } = this.breakerAround(price);
    this.breakerLow = low;
    this.breakerHigh = high;
  }

  /** The breaker's range around a price; unlimited for 0. */
  breakerAround(price: number): { low: number; high: number } {
    return rangeAround(price, this.listing.breakerBps);
  }

  /** The breaker's present range. */
  get breaker(): { low: number; high: number } {
    return { low: this.breakerLow, high: this.breakerHigh };
  }

  #updateBand(): void {
    const around = this.reference;
    if (around === this.#bandAround) return;
    this.#bandAround = around;
    const { low, high } = rangeAround(around, this.listing.bandBps);
    this.#bandLow = low;
    this.#bandHigh = high;
  }
}

// Below 2^53 throughout: a price has 31 bits and basis points are at most 100,000. So the quotient, rounded, never passes a whole number.
function rangeAround(price: number, bps: number): { low: number; high: number } {
  if (bps === 0 || price === 0) return { low: 1, high: quantityMax };
  const low = Math.max(1, Math.ceil((price * (bpsWhole - bps)) / bpsWhole));
  return { low, high: Math.min(quantityMax, Math.floor((price * (bpsWhole + bps)) / bpsWhole)) };
}
