/** The lots that a run of entries touches, and what the entries do to them. */
import type { PositionKey } from './book.ts';
import type { AdjustmentEntry, Entry, TradeEntry } from './entry.ts';
import { addLot, type Lot, type LotMethod, type LotPiece, takeFromLots } from './lot.ts';
import { InvalidEntryError } from './position.ts';

/** The lots of an account in an instrument, oldest first, and what they come to. */
export type LotHolding = PositionKey &
  LotTotal & {
    lots: readonly Lot[];
    /** The lots as they are stored. */
    stored: readonly Lot[];
  };

/** What is left of all lots, the sum of the gains of all sales by lots, and the cost of what left without a sale. */
export type LotTotal = { quantityMicros: bigint; costMicros: bigint; realizedMicros: bigint; takenMicros: bigint };

/** An account's method for the sales after a sequence of the ledger, and the one before it. */
export type MethodChoice = { method: LotMethod; previousMethod: LotMethod; sinceSequence: bigint };

/** The method of an account for sales after a sequence of the ledger; 0: for all. */
export type CurrentMethod = Pick<MethodChoice, 'method' | 'sinceSequence'>;

/** Holdings by `<account> <symbol>`, and the choices by account; an account without one has `defaultMethod`. */
export type LotBook = { holdings: Map<string, LotHolding>; choices: Map<string, MethodChoice> };

/** A sale by lots: one row a lot, numbered from 0. */
export type SoldPiece = LotPiece & PositionKey & { sequence: bigint; piece: number; tradeId: string; timeMs: number };

/** The method of an account that has chosen none. */
export const defaultMethod: LotMethod = 'fifo';

/** An empty book. */
export function createLotBook(): LotBook {
  return { holdings: new Map(), choices: new Map() };
}

/** The holding of an account in an instrument; empty when nothing was bought yet. */
export function lotsOf(book: LotBook, { accountId, symbol }: PositionKey): LotHolding {
  const none = { lots: [], stored: [], quantityMicros: 0n, costMicros: 0n, realizedMicros: 0n, takenMicros: 0n };
  return book.holdings.get(keyOf({ accountId, symbol })) ?? { accountId, symbol, ...none };
}

/** Puts a holding into the book. */
export function setLots(book: LotBook, holding: LotHolding): void {
  book.holdings.set(keyOf(holding), holding);
}

function keyOf({ accountId, symbol }: PositionKey): string {
  return `${accountId} ${symbol}`;
}

/**
 * Applies entries in their order, changes the book and returns what was sold by lots. Throws InvalidEntryError for a sale of what is not
 * there; the book must be discarded then.
 */
export function applyToLots(book: LotBook, entries: readonly Entry[]): SoldPiece[] {
  const sold: SoldPiece[] = [];
  for (const entry of entries) {
    switch (entry.kind) {
      case 'cash':
        break;
      case 'issue':
        acquire(book, entry, { ...entry, orderId: '', costMicros: 0n });
        break;
      case 'adjustment':
        if (entry.quantityMicros > 0n) acquire(book, entry, { ...entry, orderId: '' });
        else takeAway(book, entry);
        break;
      case 'trade':
        // The seller first, as in the holdings: an account that trades with itself sells what it had.
        sold.push(...sell(book, entry));
        buy(book, entry);
        break;
      default:
        entry satisfies never;
    }
  }
  return sold;
}

function buy(book: LotBook, { buyer, ...trade }: TradeEntry): void {
  const key = { accountId: buyer.accountId, symbol: trade.symbol };
  acquire(book, key, { ...trade, orderId: buyer.orderId, costMicros: trade.valueMicros + buyer.feeMicros });
}

function acquire(book: LotBook, key: PositionKey, purchase: Parameters<typeof addLot>[1]): void {
  const before = lotsOf(book, key);
  setLots(book, {
    ...before,
    lots: addLot(before.lots, purchase),
    quantityMicros: before.quantityMicros + purchase.quantityMicros,
    costMicros: before.costMicros + purchase.costMicros,
  });
}

function sell(book: LotBook, { seller, symbol, sequence, tradeId, timeMs, ...trade }: TradeEntry): SoldPiece[] {
  const key = { accountId: seller.accountId, symbol };
  const { quantityMicros } = trade;
  const proceedsMicros = trade.valueMicros - seller.feeMicros;
  const { before, pieces, costMicros } = release(book, key, { quantityMicros, proceedsMicros, sequence });
  const realizedMicros = before.realizedMicros + proceedsMicros - costMicros;
  setLots(book, { ...lotsOf(book, key), realizedMicros });
  return pieces.map((piece, index) => ({ ...piece, ...key, sequence, piece: index, tradeId, timeMs }));
}

/** A correction takes shares as a sale would, and nothing is gained or lost. */
function takeAway(book: LotBook, { accountId, symbol, sequence, ...entry }: AdjustmentEntry): void {
  const key = { accountId, symbol };
  const taken = { quantityMicros: -entry.quantityMicros, proceedsMicros: 0n, sequence };
  const { before, costMicros } = release(book, key, taken);
  setLots(book, { ...lotsOf(book, key), takenMicros: before.takenMicros + costMicros });
}

type Released = { quantityMicros: bigint; proceedsMicros: bigint; sequence: bigint };

/** Takes shares from the lots by the account's method; what of them is a gain is the caller's. */
function release(book: LotBook, key: PositionKey, { quantityMicros, proceedsMicros, sequence }: Released) {
  const before = lotsOf(book, key);
  const method = methodAt(book.choices.get(key.accountId), sequence);
  const { lots, pieces } = takeFromLots(before.lots, { quantityMicros, proceedsMicros, method });
  const costMicros = pieces.reduce((sum, piece) => sum + piece.costMicros, 0n);
  const left = { quantityMicros: before.quantityMicros - quantityMicros, costMicros: before.costMicros - costMicros };
  if ((left.quantityMicros === 0n) !== (lots.length === 0)) {
    throw new InvalidEntryError('the lots do not sum to what is held');
  }
  setLots(book, { ...before, ...left, lots });
  return { before, pieces, costMicros };
}

function methodAt(choice: MethodChoice | undefined, sequence: bigint): LotMethod {
  if (choice === undefined) return defaultMethod;
  return sequence > choice.sinceSequence ? choice.method : choice.previousMethod;
}
