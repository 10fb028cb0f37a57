/** The commands of a workload as columns of numbers, made before anything is timed: reading one allocates nothing. */

/** What a command asks for. */
export const Kind = { NEW: 0, CANCEL: 1, REPLACE: 2 } as const;

/** Which way an order trades, in the numbers of the engine. */
export const Side = { BUY: 1, SELL: 2 } as const;

/** Rests until it is cancelled, or trades at once and never rests. In the numbers of the engine. */
export const TimeInForce = { GTC: 1, IOC: 4 } as const;

/**
 * What an order is. All but PLAIN are the richer types, which only the project's own engine is given. In the numbers of the engine,
 * but for OCO, which is two orders there.
 */
export const OrderType = { PLAIN: 2, STOP: 3, STOP_LIMIT: 4, TRAILING_STOP: 5, ICEBERG: 6, OCO: 7 } as const;

/** Number of accounts. The first half only buys, the other half only sells, so that none trades with itself. */
export const accountCount = 1_000;

/** Words of one row, which is half a line of the processor's cache. */
export const rowWords = 8;
/** Kind, type, side and time in force in four bits each; then the columns of the same names. */
export const Row = { CODES: 0, ORDER: 1, ACCOUNT: 2, PRICE: 3, QUANTITY: 4, REVISION: 5, EXTRA: 6 } as const;

/**
 * Commands in columns, each at one index of all. Orders are numbered without gaps: the first order of the stream is 0. An OCO list has two
 * numbers, `order` for its limit leg and `order` + 1 for its stop leg, and is cancelled by the first.
 */
export class CommandStream {
  readonly kind: Uint8Array;
  /** Of the order that the command is about; for CANCEL too. */
  readonly type: Uint8Array;
  readonly order: Int32Array;
  readonly account: Int32Array;
  readonly side: Uint8Array;
  readonly timeInForce: Uint8Array;
  /** Limit in ticks; for a stop and a trailing stop the worst price. */
  readonly price: Int32Array;
  /** Lots; for REPLACE the new total, traded ones included. */
  readonly quantity: Int32Array;
  /** REPLACE: open lots afterwards. */
  readonly open: Int32Array;
  /** REPLACE: how often the order was replaced before, plus one. */
  readonly revision: Int32Array;
  /** Trigger in ticks of a stop and of an OCO list's stop leg; amount in ticks of a trailing stop; lots that an iceberg shows. */
  readonly extra: Int32Array;
  #rows: Int32Array | undefined;
  /** Commands so far. */
  count = 0;
  /** Number of the first commands, which fill the book before anything is timed. */
  setupCount = 0;
  /** Order numbers that were given so far. */
  orderCount = 0;

  /** @param capacity greatest number of commands */
  constructor(capacity: number) {
    const bytes = () => new Uint8Array(capacity);
    const words = () => new Int32Array(capacity);
    [this.kind, this.type, this.side, this.timeInForce] = [bytes(), bytes(), bytes(), bytes()];
    [this.order, this.account, this.price, this.quantity] = [words(), words(), words(), words()];
    [this.open, this.revision, this.extra] = [words(), words(), words()];
  }

  /** Greatest number of commands. */
  get capacity(): number {
    return this.kind.length;
  }

  /** Appends a command about `order`; the other columns are set by the caller. Returns its index. */
  append(kind: number, type: number, order: number, side: number): number {
    const at = this.count++;
    if (at >= this.capacity) throw new RangeError('the stream is full');
    this.kind[at] = kind;
    this.type[at] = type;
    this.order[at] = order;
    this.side[at] = side;
    const half = accountCount / 2;
    this.account[at] = side === Side.BUY ? order % half : half + (order % half);
    return at;
  }

  /** The commands as rows, which are read faster than eleven columns in different places of memory. Made once, when all are there. */
  get rows(): Int32Array {
    this.#rows ??= this.#makeRows();
    return this.#rows;
  }

  #makeRows(): Int32Array {
    const rows = new Int32Array(this.count * rowWords);
    for (let at = 0; at < this.count; at++) {
      const row = at * rowWords;
      const codes = this.kind[at]! | (this.type[at]! << 4) | (this.side[at]! << 8) | (this.timeInForce[at]! << 12);
      rows[row + Row.CODES] = codes;
      rows[row + Row.ORDER] = this.order[at]!;
      rows[row + Row.ACCOUNT] = this.account[at]!;
      rows[row + Row.PRICE] = this.price[at]!;
      rows[row + Row.QUANTITY] = this.quantity[at]!;
      rows[row + Row.REVISION] = this.revision[at]!;
      rows[row + Row.EXTRA] = this.extra[at]!;
    }
    return rows;
  }

  /** Commands from `from` to before `to` that are not of the richer types. */
  plainCount(from: number, to: number): number {
    let count = 0;
    for (let at = from; at < to; at++) if (this.type[at] === OrderType.PLAIN) count++;
    return count;
  }
}
