/** The live orders of a shard, copied from the engine between two groups for the audit. */
import {
  flagsOffset,
  keyOffset,
  openOffset,
  orderWords,
  priceOffset,
  quantityOffset,
  sideOf,
} from '../engine/matching/order-table.ts';
import { none } from '../engine/model/codes.ts';
import { formatUuid } from '../engine/model/uuid.ts';
import type { EngineState } from '../engine/state/engine-state.ts';

/** A live order: one that rests or waits. Lots are open and total ones. */
export type LiveOrder = {
  orderId: string;
  accountId: string;
  symbol: string;
  side: 'buy' | 'sell';
  priceTicks: number;
  openLots: number;
  quantityLots: number;
};

/** A copy of the live orders, and the sequence of the state that it was made of. */
export type LiveOrders = { sequence: number; count: number; list(): Generator<LiveOrder, void, undefined> };

// Words of an order in a copy: its id, and what follows.
const copiedWords = 9;

/** Copies the numbers alone, so that matching waits for no text: some 100 ns an order. */
export function readLiveOrders(state: EngineState): LiveOrders {
  const { orders } = state.matching.state;
  const { records, names } = state;
  const symbolOf = new Map([...state.bookOf].map(([symbol, book]) => [book, symbol]));
  const words = new Uint32Array(orders.count * copiedWords);
  let at = 0;
  for (let slot = 0; slot < orders.used; slot += orderWords) {
    const key = orders.words[slot + keyOffset] ?? none;
    if (key === none) continue;
    words.set(records.uuids.subarray(key * 4, key * 4 + 4), at);
    words[at + 4] = orders.words[slot + priceOffset] ?? 0;
    words[at + 5] = orders.words[slot + openOffset] ?? 0;
    words[at + 6] = orders.words[slot + quantityOffset] ?? 0;
    words[at + 7] = sideOf(orders.words[slot + flagsOffset] ?? 0);
    words[at + 8] = key;
    at += copiedWords;
  }
  const accounts = new Map<number, string>();
  const symbols = new Map<number, string>();
  for (let i = 8; i < at; i += copiedWords) {
    const key = words[i] ?? 0;
    accounts.set(key, names.names[records.account[key] ?? none] ?? '');
    symbols.set(key, symbolOf.get(records.book[key] ?? none) ?? '');
  }
  return { sequence: state.sequence, count: at / copiedWords, list: () => listCopied(words, accounts, symbols) };
}

function* listCopied(
  words: Uint32Array,
  accounts: ReadonlyMap<number, string>,
  symbols: ReadonlyMap<number, string>,
): Generator<LiveOrder, void, undefined> {
  for (let at = 0; at < words.length; at += copiedWords) {
    const key = words[at + 8] ?? 0;
    yield {
      orderId: formatUuid(words, at),
      accountId: accounts.get(key) ?? '',
      symbol: symbols.get(key) ?? '',
      side: words[at + 7] === 1 ? 'buy' : 'sell',
      priceTicks: words[at + 4] ?? 0,
      openLots: words[at + 5] ?? 0,
      quantityLots: words[at + 6] ?? 0,
    };
  }
}
