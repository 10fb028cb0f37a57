/** One pass of the audit: from the checkpoints to a cut through all stores. */

import { readEvents } from '../clients/exchange-events.ts';
import type { OpenOrders } from '../domain/order-shadow.ts';
import { moveCheckpoint, readCheckpoint } from '../store/checkpoints.ts';
import { count, type PassContext } from './context.ts';
import { loadBooks, loadOpenOrders, saveBooks, saveOpenOrders } from './load-state.ts';
import { readMessageAgeMax } from './message-age.ts';
import type { AssetTotals } from './prove-balances.ts';
import { proveCopies } from './prove-copies.ts';
import { proveCut } from './prove-cut.ts';
import { type Books, proveEntries } from './prove-entries.ts';
import { proveEvents } from './prove-events.ts';
import { proveFacts } from './prove-facts.ts';
import { proveOnTheWay } from './prove-messages.ts';
import { proveOutboxes } from './prove-outboxes.ts';
import { provePayments } from './prove-payments.ts';
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
const eventsPerLightPass = 50_000n;

/** Runs it. Rejects when a store cannot be read: then nothing is said. */
export async function runPass(given: PassContext): Promise<PassResult> {
  const context = { ...given, messageAgeMaxMs: await readMessageAgeMax(given) };
  await proveOnTheWay(context);
  const cut = await readCut(context);
  checkFeeds(context, cut);
  const open = await loadOpenOrders(context.db);
  const lastTrades = new Map<number, bigint>();
  const reached = new Map<number, bigint>();
  for (const [shard, position] of cut.positions) {
    const upTo = await boundLightPass(context, shard, position);
    lastTrades.set(shard, await proveShard(context, open, { shard, upTo }));
    reached.set(shard, upTo);
    count(context, 'events_left', Number(position - upTo));
  }
  // What is open is compared by the pass that comes as far as the cut.
  if ([...reached].some(([shard, upTo]) => upTo !== cut.positions.get(shard))) {
    const { position } = await readCheckpoint(context.db, 'ledger');
    return { positions: reached, ledgerSequence: position, assets: [], oldestPassingMs: 0n };
  }
  const { books, accounts } = await proveLedger(context, { head: cut.ledgerHead, lastTrades });
  const { assets, oldestPassingMs } = await proveCut(context, cut, { open, books, accounts });
  await proveOutboxes(context);
  await proveFacts(context);
  await provePayments(context);
  await sealClosedBlocks(context);
  if (context.kind === 'full') {
    await proveCopies(context);
    await verifyAllSeals(context);
  }
  return { positions: cut.positions, ledgerSequence: cut.ledgerHead, assets, oldestPassingMs };
}

/** A light pass goes no further than so many events at once, so that under the greatest load it is those who trade that have the machine. */
async function boundLightPass({ db, kind }: PassContext, shard: number, position: bigint): Promise<bigint> {
  if (kind === 'full') return position;
  const last = (await readCheckpoint(db, feedOf(shard))).position + eventsPerLightPass;
  return last < position ? last : position;
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
