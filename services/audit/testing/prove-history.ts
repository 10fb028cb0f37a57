/** Proves a history with the parts of a pass, without a database: two passes, the second from where the first has ended. */
import { Selection } from '#gen/outcry/audit/v1/rows_pb.ts';
import type { Database } from '#platform/postgres/sql.ts';
import { create } from '@bufbuild/protobuf';
import { FeedEventSchema, FollowResponseSchema } from '#gen/outcry/exchange/v1/feed_pb.ts';
import type { ExchangeFeed } from '../clients/exchange-events.ts';
import type { Stores, TableRead } from '../clients/stores.ts';
import { type Finding, Findings } from '../domain/finding.ts';
import type { OpenOrders } from '../domain/order-shadow.ts';
import type { StoredRow } from '../domain/row.ts';
import type { PassContext } from '../passes/context.ts';
import { proveCut } from '../passes/prove-cut.ts';
import { type Books, proveEntries } from '../passes/prove-entries.ts';
import { proveEvents } from '../passes/prove-events.ts';
import { readCut } from '../passes/read-cut.ts';
import { type HistoryStores, rowOf, storesOf } from './history-stores.ts';
import type { History, Random } from './random-history.ts';
import { toFeedEvent } from './to-feed-event.ts';

const nowMs = 1_700_000_001_000;
const finalEnds = { filled: true, cancelled: true, rejected: true };

/** The findings of two passes over the history, at random positions of the services. */
export async function proveHistory(
  history: History,
  random: Random,
  damage: (stores: HistoryStores) => void = () => {},
): Promise<Finding[]> {
  const open: OpenOrders = new Map();
  const books: Books = { sums: new Map(), holdings: { cash: new Map(), positions: new Map() } };
  const findings = new Findings(100);
  let [from, fromEntry] = [0, 0n];
  const first = random.below(history.events.length + 1);
  for (const [pass, upTo] of [first, history.events.length].entries()) {
    const ahead = upTo + random.below(history.events.length - upTo + 1);
    const stores = storesOf(history, { ledger: upTo, order: ahead });
    if (pass === 1) damage(stores);
    const context = contextOf(history, { stores, ledgerAt: upTo, orderAt: ahead, findings });
    const cut = await readCut(context);
    const events = history.events.slice(from, upTo);
    await proveEvents(context, open, { shard: 0, events });
    const lastTrades = new Map([[0, BigInt(history.events.slice(0, upTo).filter(({ kind }) => kind === 'traded').length)]]);
    const range = { after: fromEntry, upTo: cut.ledgerHead, lastTrades };
    const { accounts } = await proveEntries(context, books, range);
    await proveCut(context, cut, { open, books, accounts });
    [from, fromEntry] = [upTo, cut.ledgerHead];
  }
  return findings.listed;
}

type Setting = { stores: HistoryStores; ledgerAt: number; orderAt: number; findings: Findings };

function contextOf(history: History, setting: Setting): PassContext {
  return {
    kind: 'full',
    db: {} as Database,
    stores: fakeStores(history, setting),
    feed: fakeFeed(history),
    shards: [0],
    findings: setting.findings,
    checked: new Map(),
    callOptions: {},
    nowMs: () => nowMs,
  };
}

function fakeFeed({ events }: History): ExchangeFeed {
  return {
    async *follow({ afterSequence }) {
      const rest = events.slice(Number(afterSequence)).map((event) => create(FeedEventSchema, toFeedEvent(event)));
      yield create(FollowResponseSchema, { events: rest, headSequence: BigInt(events.length), epoch: 'e' });
    },
  };
}

function fakeStores(history: History, { stores, ledgerAt, orderAt }: Setting): Stores {
  const positions = { ledger: ledgerAt, order: orderAt } as Record<string, number>;
  const exchange = { live_order: liveRows(storesOf(history, { ledger: history.events.length, order: history.events.length })) };
  const all = { ledger: stores.ledger, order: stores.order, portfolio: stores.portfolio, exchange, user: {}, notification: {} };
  return {
    async read(store, { tables }) {
      const own = all[store] as Record<string, StoredRow[]>;
      const at = positions[store];
      const consumer = { sequence: BigInt(at ?? 0), epoch: 'e', haltSequence: 0n, haltCause: '' };
      const feeds = store === 'portfolio' ? [['ledger', { ...consumer, sequence: stores.head }] as const] : [['exchange.0', consumer] as const];
      const head = store === 'ledger' ? (['ledger', stores.head] as const) : (['exchange.0', BigInt(history.events.length)] as const);
      return {
        parts: tables.map((part) => ({ rows: select(own[part.table ?? ''] ?? [], part), digests: [], oldestBlock: '' })),
        feeds: new Map(feeds),
        heads: new Map([head]),
      };
    },
  };
}

function liveRows({ order }: HistoryStores): StoredRow[] {
  return (order.orders ?? [])
    .filter(({ values }) => values.state === 'open')
    .map(({ key, values }) => {
      const { account_id = '', symbol = '', side = '', price_ticks = '', quantity_lots = '0', filled_lots = '0' } = values;
      return rowOf(key, { account_id, symbol, side, price_ticks, open_lots: BigInt(quantity_lots) - BigInt(filled_lots) });
    });
}

function select(rows: readonly StoredRow[], { table, selection, ids = [], after = 0n, upTo = 0n }: TableRead): StoredRow[] {
  switch (selection) {
    case Selection.IDS: {
      const wanted = new Set(ids);
      const named = (row: StoredRow) =>
        table === 'entry' ? wanted.has(row.values.reference ?? '') : wanted.has(row.key.split('/')[0] ?? '');
      return rows.filter(named);
    }
    case Selection.LIVE:
      return rows.filter(({ values }) => values.status === 'pending' || (values.state ?? 'settled') in finalEnds === false && values.state !== 'settled' && values.state !== undefined || table === 'live_order');
    case Selection.RANGE: {
      const sequenceOf = ({ key, values }: StoredRow) => BigInt(values.sequence ?? key);
      return rows.filter((row) => sequenceOf(row) > after && sequenceOf(row) <= upTo);
    }
    default:
      return [...rows];
  }
}
