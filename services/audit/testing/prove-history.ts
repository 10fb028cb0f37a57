/** Proves a history with the parts of a pass, without a database: two passes, the second from where the first has ended. */

import type { Database } from '#platform/postgres/sql.ts';
import { type Finding, Findings } from '../domain/finding.ts';
import { OpenOrders } from '../domain/order-shadow.ts';
import type { PassContext } from '../passes/context.ts';
import { proveCut } from '../passes/prove-cut.ts';
import { type Books, proveEntries } from '../passes/prove-entries.ts';
import { proveEvents } from '../passes/prove-events.ts';
import { readCut } from '../passes/read-cut.ts';
import { fakeFeed, fakeStores, type Setting } from './fake-stores.ts';
import { type History, timeMs } from './history.ts';
import { type HistoryStores, storesOf } from './history-stores.ts';
import type { Random } from './seeded-random.ts';

const nowMs = Number(timeMs) + 1_000;

/** What is done to the stores before a pass, 0 or 1; default 1. */
export type Damage = { damage?: (stores: HistoryStores) => void; damagedPass?: number };

/** The findings of two passes over the history, at random positions of the services; what one of them reads is damaged before. */
export async function proveHistory(
  history: History,
  random: Random,
  { damage = () => {}, damagedPass = 1 }: Damage = {},
): Promise<Finding[]> {
  const open = new OpenOrders();
  const books: Books = { sums: new Map(), holdings: { cash: new Map(), positions: new Map() } };
  const findings = new Findings(100);
  let [from, fromEntry] = [0, 0n];
  const first = random.below(history.events.length + 1);
  for (const [pass, upTo] of [first, history.events.length].entries()) {
    const ahead = upTo + random.below(history.events.length - upTo + 1);
    const stores = storesOf(history, { ledger: upTo, order: ahead });
    if (pass === damagedPass) damage(stores);
    const context = contextOf(history, { stores, ledgerAt: upTo, orderAt: ahead, findings });
    const cut = await readCut(context);
    const events = history.events.slice(from, upTo);
    await proveEvents(context, open, { shard: 0, events });
    const lastTrades = new Map([
      [0, BigInt(history.events.slice(0, upTo).filter(({ kind }) => kind === 'traded').length)],
    ]);
    const range = { after: fromEntry, upTo: cut.ledgerHead, lastTrades };
    const { accounts } = await proveEntries(context, books, range);
    await proveCut(context, cut, { open, books, accounts });
    [from, fromEntry] = [upTo, cut.ledgerHead];
  }
  return findings.listed;
}

function contextOf(history: History, setting: Setting & { findings: Findings }): PassContext {
  return {
    kind: 'full',
    db: { query: async () => ({ rows: [], rowCount: 0 }) } as unknown as Database,
    stores: fakeStores(history, setting),
    feed: fakeFeed(history),
    shards: [0],
    findings: setting.findings,
    checked: new Map(),
    callOptions: {},
    nowMs: () => nowMs,
  };
}
