/** Proves what is true at the cut, once events and entries are proved up to it. */
import { readEvents } from '../clients/exchange-events.ts';
import { applyEvent, OpenOrders } from '../domain/order-shadow.ts';
import type { PassContext } from './context.ts';
import { type AssetTotals, proveBalances } from './prove-balances.ts';
import { proveCounters } from './prove-counters.ts';
import type { Books } from './prove-entries.ts';
import { proveHoldings } from './prove-holdings.ts';
import { proveBook, proveHolds, proveOrders } from './prove-open.ts';
import { type Cut, feedOf } from './read-cut.ts';

/** What the feeds lead to at the cut; `accounts` are those that something was booked for since the last pass. */
export type CutState = { open: OpenOrders; books: Books; accounts: ReadonlySet<string> };

/** Compares holds, orders, books, counters, balances and holdings with it. */
export async function proveCut(
  context: PassContext,
  cut: Cut,
  { open, books, accounts }: CutState,
): Promise<{ assets: AssetTotals[]; oldestPassingMs: bigint }> {
  await proveHolds(context, open, cut);
  const oldestPassingMs = await proveAhead(context, open, cut);
  proveCounters(context, cut);
  const assets = proveBalances(context, books.sums, cut);
  await proveHoldings(context, books.holdings, { sequence: cut.ledgerHead, accounts });
  return { assets, oldestPassingMs };
}

/** Goes on from the cut to where the order service and the books were when they were read, and compares each there. */
async function proveAhead(context: PassContext, open: OpenOrders, cut: Cut): Promise<bigint> {
  const { shards, feed, callOptions } = context;
  const atOrders = new OpenOrders();
  for (const shard of shards) {
    const book = cut.books.get(shard) ?? { rows: [], position: 0n };
    const start = cut.positions.get(shard) ?? 0n;
    const orders = cut.order.feeds.get(feedOf(shard))?.sequence ?? start;
    const ahead = new OpenOrders([...open].filter(([, order]) => order.shard === shard));
    const stops = [
      {
        at: orders,
        stop: () => {
          for (const [id, order] of ahead) atOrders.set(id, order);
        },
      },
      { at: book.position, stop: () => proveBook(context, ahead, { shard, book }) },
    ].sort((one, other) => (one.at < other.at ? -1 : 1));
    let after = start;
    for (const { at, stop } of stops) {
      for await (const { events } of readEvents(feed, { shard, after, upTo: at }, callOptions)) {
        for (const event of events) applyEvent(ahead, event, shard);
      }
      after = at > after ? at : after;
      stop();
    }
  }
  return proveOrders(context, atOrders, cut);
}
