import { crc32 } from 'node:zlib';
import type { Listing } from '#gen/outcry/exchange/v1/exchange_pb.ts';
import type { Book, FeedEvent, LevelChanged } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { Side, TradingState } from '#gen/outcry/trading/v1/trading_pb.ts';

/** One price level of a ladder. */
export type LadderLevel = { priceTicks: bigint; lots: bigint; orders: number };

/** The part of a trade that a ladder shows. */
export type LadderTrade = { priceTicks: bigint; lots?: bigint; timeMs?: number };

/** The local copy of a book does not have the checksum of the exchange's book. */
export class ChecksumError extends Error {
  override name = 'ChecksumError';
}

/** A local copy of a book: a snapshot, updated by the events of the feed. */
export class LadderBook {
  readonly listing: Listing;
  state: TradingState;
  last: LadderTrade | undefined;
  /** Sequence of the last event of the feed, of any book. */
  sequence: bigint;
  readonly bids = new Map<bigint, LadderLevel>();
  readonly asks = new Map<bigint, LadderLevel>();
  #checksum = 0;
  /** False for a snapshot that was cut to the size of a message: its checksum cannot match. */
  readonly #isWhole: boolean;

  constructor(book: Book, listing: Listing, sequence: bigint) {
    this.listing = listing;
    this.state = book.state;
    this.sequence = sequence;
    if (book.lastPriceTicks > 0n) this.last = { priceTicks: book.lastPriceTicks };
    for (const [side, levels] of [[Side.BUY, book.bids] as const, [Side.SELL, book.asks] as const]) {
      for (const { priceTicks, quantityLots: lots, orderCount: orders } of levels) {
        this.#set(side, { priceTicks, lots, orders });
      }
    }
    this.#isWhole = this.#checksum === book.checksum;
  }

  /** Applies an event of any book. Returns whether this book changed. Throws ChecksumError. */
  apply({ sequence, timeMs, symbol, event }: FeedEvent): boolean {
    this.sequence = sequence;
    if (symbol !== this.listing.symbol) return false;
    if (event.case === 'levelChanged') this.#changeLevel(event.value);
    else if (event.case === 'stateChanged') this.state = event.value.state;
    else if (event.case === 'traded') {
      const { priceTicks, quantityLots: lots } = event.value;
      this.last = { priceTicks, lots, timeMs: Number(timeMs) };
    } else return false;
    return true;
  }

  /** The levels of a side, best first, at most `count`. */
  levels(side: Side, count: number): LadderLevel[] {
    const sign = side === Side.BUY ? -1 : 1;
    const found = [...(side === Side.BUY ? this.bids : this.asks).values()];
    return found.sort((a, b) => sign * Number(a.priceTicks - b.priceTicks)).slice(0, count);
  }

  /** The trading state as text. */
  get stateName(): string {
    return stateNames.get(this.state) ?? '';
  }

  #changeLevel({ side, priceTicks, quantityLots: lots, orderCount: orders, bookChecksum }: LevelChanged): void {
    this.#set(side, { priceTicks, lots, orders });
    if (this.#isWhole && bookChecksum !== 0 && bookChecksum !== this.#checksum) {
      throw new ChecksumError('the book does not add up to its checksum');
    }
  }

  #set(side: Side, level: LadderLevel): void {
    const levels = side === Side.BUY ? this.bids : this.asks;
    const before = levels.get(level.priceTicks);
    if (level.orders === 0) levels.delete(level.priceTicks);
    else levels.set(level.priceTicks, level);
    const change = checksumOf(side, level) - (before ? checksumOf(side, before) : 0);
    this.#checksum = (this.#checksum + change) >>> 0;
  }
}

const stateNames = new Map<number, string>(
  Object.entries(TradingState).map(([name, state]) => [state, name.toLowerCase().replaceAll('_', ' ')]),
);

const bytes = Buffer.alloc(20);

/** The checksum of a level by the contract; 0 for a level without orders. */
function checksumOf(side: Side, { priceTicks, lots, orders }: LadderLevel): number {
  if (orders === 0) return 0;
  bytes.writeUInt32LE(side, 0);
  bytes.writeUInt32LE(Number(priceTicks), 4);
  bytes.writeBigUInt64LE(lots, 8);
  bytes.writeUInt32LE(orders, 16);
  return crc32(bytes);
}
