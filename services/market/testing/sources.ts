/** Sources of streams for tests: a view with empty books, and everything that a source has at the moment. */
import type { EncodedMessage } from '#platform/rpc/server.ts';
import type { MessageSource } from '#platform/stream/serve-stream.ts';
import { createMarketView, type MarketView } from '../view/market-view.ts';
import { books, follow, traded } from './events.ts';

/** For who need not be woken. */
export const ignore = () => {};

/** A view of empty books at sequence 0 of epoch-1. */
export function viewOf(...symbols: string[]): MarketView {
  const view = createMarketView({ onListed: ignore });
  view.rebuild(0, books(0, symbols));
  return view;
}

/** Takes all messages. */
export function drain<M = EncodedMessage>(source: MessageSource<M>): M[] {
  const messages: M[] = [];
  for (let next = source.take(); next !== undefined; next = source.take()) messages.push(next);
  return messages;
}

/** Trades of B and A in turn, from the sequence `first`. */
export function trades(first: number, count: number) {
  return follow(
    first,
    Array.from({ length: count }, (_, i) => traded(i % 2 ? 'A' : 'B', 100 + first + i, 1)),
  );
}
