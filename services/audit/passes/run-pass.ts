/** One pass of the audit: from the checkpoints to a cut through all stores. */
import { readEvents } from '../clients/exchange-events.ts';
import { applyEvent, type OpenOrders } from '../domain/order-shadow.ts';
import { moveCheckpoint, readCheckpoint } from '../store/checkpoints.ts';
import type { PassContext } from './context.ts';
import { loadBooks, loadOpenOrders, saveBooks, saveOpenOrders } from './load-state.ts';
import { type AssetTotals, proveBalances } from './prove-balances.ts';
import { proveCopies } from './prove-copies.ts';
import { type Books, proveEntries } from './prove-entries.ts';
import { proveEvents } from './prove-events.ts';
import { proveHoldings } from './prove-holdings.ts';
import { proveBook, proveCounters, proveHolds, proveOrders } from './prove-open.ts';
import { type Cut, feedOf, readCut } from './read-cut.ts';
import { saveSeals } from './save-window.ts';
import { sealClosedBlocks, verifyAllSeals } from './verify-seals.ts';

/** What a pass has come to, beside its findings. */
export type PassResult = {
  positions: Map<number, bigint>;
  ledgerSequence: bigint;
  assets: AssetTotals[];
  oldestPassingMs: bigint;
};

// What is proved and stored in one step.
const entriesPerWindow = 5_000n;
const eventsPerWindow = 5_000;

/** Runs it. Rejects when a store cannot be read: then nothing is said. */
export async function runPass(context: PassContext): Promise<PassResult> {
  const cut = await readCut(context);
  checkFeeds(context, cut);
  const open = await loadOpenOrders(context.db);
  const lastTrades = new Map<number, bigint>();
  for (const shard of context.shards) {
    const upTo = cut.positions.get(shard) ?? 0n;
    lastTrades.set(shard, await proveShard(context, open, { shard, upTo }));
  }
  const { books, accounts } = await proveLedger(context, { head: cut.ledgerHead, lastTrades });
  await proveHolds(context, open, cut);
  const oldestPassingMs = await proveAhead(context, open, cut);
  proveCounters(context, cut);
  const assets = proveBalances(context, books.sums, cut);
  await proveHoldings(context, books.holdings, { sequence: cut.ledgerHead, accounts });
  await sealClosedBlocks(context);
  if (context.kind === 'full') {
    await proveCopies(context);
    await verifyAllSeals(context);
  }
  return { positions: cut.positions, ledgerSequence: cut.ledgerHead, assets, oldestPassingMs };
}

/** No consumer has halted, and none has applied what the exchange does not have. */
function checkFeeds({ findings, shards }: PassContext, cut: Cut): void {
  for (const [service, { feeds }] of [
    ['ledger', cut.ledger],
    ['order', cut.order],
  ] as const) {
    for (const [feed, { haltSequence, haltCause }] of feeds) {
      if (haltSequence === 0n) continue;
      const found = `halted before event ${haltSequence}: ${haltCause}`;
      findings.add({
        rule: 'shard-not-halted',
        subject: `${service} feed_position ${feed}`,
        expected: 'applied',
        found,
      });
    }
    for (const shard of shards) {
      const position = feeds.get(feedOf(shard))?.sequence ?? 0n;
      const head = cut.books.get(shard)?.position ?? 0n;
      if (position <= head) continue;
      const texts = { expected: `at most ${head}, the head of the exchange`, found: String(position) };
      findings.add({
        rule: 'feed-has-no-lost-history',
        subject: `${service} feed_position ${feedOf(shard)}`,
        ...texts,
      });
    }
  }
}

async function proveLedger(
  context: PassContext,
  { head, lastTrades }: { head: bigint; lastTrades: ReadonlyMap<number, bigint> },
): Promise<{ books: Books; accounts: Set<string> }> {
  const { db, findings } = context;
  const books = await loadBooks(db);
  const accounts = new Set<string>();
  let { position } = await readCheckpoint(db, 'ledger');
  while (position < head) {
    const upTo = position + entriesPerWindow < head ? position + entriesPerWindow : head;
    const proved = await proveEntries(context, books, { after: position, upTo, lastTrades });
    for (const account of proved.accounts) accounts.add(account);
    // What is not proved is looked at again by the next pass.
    if (findings.count === 0) {
      const from = position;
      await db.transaction(async (tx) => {
        await moveCheckpoint(tx, 'ledger', from, { position: upTo, detail: '' });
        await saveBooks(tx, books, proved.changed);
        await saveSeals(tx, proved.seals);
      });
    }
    position = upTo;
  }
  return { books, accounts };
}

/** Returns the number of the shard's last trade up to the cut. */
async function proveShard(
  context: PassContext,
  open: OpenOrders,
  { shard, upTo }: { shard: number; upTo: bigint },
): Promise<bigint> {
  const { db, feed, findings, callOptions } = context;
  const checkpoint = await readCheckpoint(db, feedOf(shard));
  let { position } = checkpoint;
  // The detail: the epoch of the feed, and the number of the last trade.
  let lastTrade = BigInt(checkpoint.detail.split(' ')[1] ?? 0);
  let window: Parameters<typeof proveEvents>[2]['events'][number][] = [];
  for await (const { events, last, epoch } of readEvents(feed, { shard, after: position, upTo }, callOptions)) {
    window.push(...events);
    if (window.length < eventsPerWindow && last < upTo) continue;
    const proved = await proveEvents(context, open, { shard, events: window });
    if (proved.lastTrade > 0n) lastTrade = proved.lastTrade;
    if (findings.count === 0) {
      const from = position;
      await db.transaction(async (tx) => {
        await moveCheckpoint(tx, feedOf(shard), from, { position: last, detail: `${epoch} ${lastTrade}` });
        await saveOpenOrders(tx, open, proved.changed);
        await saveSeals(tx, proved.seals);
      });
    }
    position = last;
    window = [];
  }
  return lastTrade;
}

/** Goes on from the cut to where the order service and the books were when they were read, and compares each there. */
async function proveAhead(context: PassContext, open: OpenOrders, cut: Cut): Promise<bigint> {
  const { shards, feed, callOptions } = context;
  const atOrders: OpenOrders = new Map();
  for (const shard of shards) {
    const book = cut.books.get(shard) ?? { rows: [], position: 0n };
    const start = cut.positions.get(shard) ?? 0n;
    const orders = cut.order.feeds.get(feedOf(shard))?.sequence ?? start;
    const ahead: OpenOrders = new Map([...open].filter(([, order]) => order.shard === shard));
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
