/** The holdings that a run of entries touches, and what the entries do to them. */
import { microsPerCent } from '#platform/money/decimal.ts';
import type { Entry, TradeEntry } from './entry.ts';
import { addShares, adjustShares, emptyPosition, InvalidEntryError, type Position, removeShares } from './position.ts';

/** A sale's profit or loss. */
export type Gain = {
  accountId: string;
  sequence: bigint;
  timeMs: number;
  tradeId: string;
  symbol: string;
  quantityMicros: bigint;
  /** After the fee. */
  proceedsMicros: bigint;
  costMicros: bigint;
  gainMicros: bigint;
};

/** Which position: of whom, in what. */
export type PositionKey = { accountId: string; symbol: string };

/** Cash in micros by account, and positions by account and symbol; what is absent is zero. */
export type Book = { cash: Map<string, bigint>; positions: Map<string, Map<string, Position>> };

/** An empty book. */
export function createBook(): Book {
  return { cash: new Map(), positions: new Map() };
}

/** The position of an account in a symbol. */
export function positionOf(book: Book, { accountId, symbol }: PositionKey): Position {
  return book.positions.get(accountId)?.get(symbol) ?? emptyPosition;
}

/** Puts a position into the book. */
export function setPosition(book: Book, { accountId, symbol }: PositionKey, position: Position): void {
  const ofAccount = book.positions.get(accountId) ?? new Map<string, Position>();
  book.positions.set(accountId, ofAccount.set(symbol, position));
}

/** What has to be loaded into the book before the entries are applied: each account and each position once. */
export function touchedBy(entries: readonly Entry[]): { accountIds: string[]; positions: PositionKey[] } {
  const accountIds = new Set<string>();
  const positions = new Map<string, PositionKey>();
  const touch = (accountId: string, symbol?: string) => {
    accountIds.add(accountId);
    if (symbol !== undefined) positions.set(`${accountId} ${symbol}`, { accountId, symbol });
  };
  for (const entry of entries) {
    if (entry.kind === 'cash') touch(entry.accountId);
    else if (entry.kind !== 'trade') touch(entry.accountId, entry.symbol);
    else {
      touch(entry.buyer.accountId, entry.symbol);
      touch(entry.seller.accountId, entry.symbol);
    }
  }
  return { accountIds: [...accountIds], positions: [...positions.values()] };
}

/**
 * Applies entries in their order, changes the book and returns the gains that were realised. Throws InvalidEntryError for a gap
 * in the sequence or a sale of shares that are not owned; the book must be discarded then.
 */
export function applyEntries(book: Book, entries: readonly Entry[]): Gain[] {
  const gains: Gain[] = [];
  let previous = (entries[0]?.sequence ?? 1n) - 1n;
  for (const entry of entries) {
    if (entry.sequence !== previous + 1n) throw new InvalidEntryError(`entry ${entry.sequence} follows ${previous}`);
    previous = entry.sequence;
    switch (entry.kind) {
      case 'cash':
        addCash(book, entry.accountId, entry.amountMicros);
        break;
      case 'issue': {
        const issued = { quantityMicros: entry.quantityMicros, costMicros: 0n };
        setPosition(book, entry, addShares(positionOf(book, entry), issued));
        break;
      }
      case 'adjustment':
        setPosition(book, entry, adjustShares(positionOf(book, entry), entry));
        break;
      case 'trade':
        gains.push(applyTrade(book, entry));
        break;
      default:
        entry satisfies never;
    }
  }
  return gains;
}

// The seller first: an account that trades with itself sells what it had, not what it is about to buy.
function applyTrade(book: Book, trade: TradeEntry): Gain {
  const { symbol, quantityMicros, valueMicros, buyer, seller } = trade;
  const sellerKey = { accountId: seller.accountId, symbol };
  const proceedsMicros = valueMicros - seller.feeMicros;
  const unitMicros = trade.isOfCents ? microsPerCent : 1n;
  const sale = removeShares(positionOf(book, sellerKey), { quantityMicros, proceedsMicros, unitMicros });
  setPosition(book, sellerKey, sale.position);
  addCash(book, seller.accountId, proceedsMicros);
  const buyerKey = { accountId: buyer.accountId, symbol };
  const costMicros = valueMicros + buyer.feeMicros;
  setPosition(book, buyerKey, addShares(positionOf(book, buyerKey), { quantityMicros, costMicros }));
  addCash(book, buyer.accountId, -costMicros);
  const { sequence, timeMs, tradeId } = trade;
  const { costMicros: soldCostMicros, gainMicros } = sale;
  return {
    ...sellerKey,
    sequence,
    timeMs,
    tradeId,
    quantityMicros,
    proceedsMicros,
    costMicros: soldCostMicros,
    gainMicros,
  };
}

function addCash(book: Book, accountId: string, amountMicros: bigint): void {
  book.cash.set(accountId, (book.cash.get(accountId) ?? 0n) + amountMicros);
}
