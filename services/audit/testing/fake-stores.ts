/** The stores and the feed of a history, as the audit reads them. */
import { create } from '@bufbuild/protobuf';
import { Selection } from '#gen/outcry/audit/v1/rows_pb.ts';
import { FeedEventSchema, FollowResponseSchema } from '#gen/outcry/exchange/v1/feed_pb.ts';
import type { ExchangeFeed } from '../clients/exchange-events.ts';
import type { Stores, TableRead } from '../clients/stores.ts';
import type { StoredRow } from '../domain/row.ts';
import { digestOf } from '../domain/seal.ts';
import type { History } from './history.ts';
import { type HistoryStores, storesOf } from './history-stores.ts';
import { rowOf } from './row-of.ts';
import { toFeedEvent } from './to-feed-event.ts';

/** Where the services are in the feed. */
export type Setting = { stores: HistoryStores; ledgerAt: number; orderAt: number };

/** The feed of a history. */
export function fakeFeed({ events }: History): ExchangeFeed {
  return {
    async confirm() {},
    async *follow({ afterSequence }) {
      const rest = events.slice(Number(afterSequence)).map((event) => create(FeedEventSchema, toFeedEvent(event)));
      yield create(FollowResponseSchema, { events: rest, headSequence: BigInt(events.length), epoch: 'e' });
    },
  };
}

/** The stores of a history behind the audit's reads. */
export function fakeStores(history: History, { stores, ledgerAt, orderAt }: Setting): Stores {
  const positions = { ledger: ledgerAt, order: orderAt } as Record<string, number>;
  const exchange = {
    live_order: liveRows(storesOf(history, { ledger: history.events.length, order: history.events.length })),
    ...stores.memory,
  };
  const all = {
    ledger: stores.ledger,
    order: stores.order,
    portfolio: stores.portfolio,
    exchange,
    user: stores.user,
    auto: {},
    notification: stores.notification,
  };
  return {
    async read(store, { tables }) {
      const own = all[store] as Record<string, StoredRow[]>;
      const at = positions[store];
      const consumer = { sequence: BigInt(at ?? 0), epoch: 'e', haltSequence: 0n, haltCause: '' };
      const feeds =
        store === 'portfolio'
          ? ['ledger', 'ledger.lots'].map((feed) => [feed, { ...consumer, sequence: stores.head }] as const)
          : [['exchange.0', consumer] as const];
      const head =
        store === 'ledger'
          ? (['ledger', stores.head] as const)
          : (['exchange.0', BigInt(history.events.length)] as const);
      return {
        parts: tables.map((part) => answer(own, part)),
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
      const {
        account_id = '',
        symbol = '',
        side = '',
        price_ticks = '',
        quantity_lots = '0',
        filled_lots = '0',
      } = values;
      return rowOf(key, {
        account_id,
        symbol,
        side,
        price_ticks,
        open_lots: BigInt(quantity_lots) - BigInt(filled_lots),
      });
    });
}

const ended = new Set(['filled', 'cancelled', 'rejected', 'settled', 'released', 'refused']);

function isLive(table: string | undefined, { values }: StoredRow): boolean {
  if (table === 'live_order') return true;
  return table === 'transfer' ? values.status === 'pending' : !ended.has(values.state ?? '');
}

/** The final rows that are sealed; those of the house are not. */
function isFinal(table: string | undefined, row: StoredRow, houseOrders: ReadonlySet<string>): boolean {
  if (table === 'orders' || table === 'fills') {
    if (houseOrders.has(row.key.split('/')[0] ?? '')) return false;
  }
  return table === 'hold' || table === 'orders' ? !isLive(table, row) : true;
}

function select(own: Readonly<Record<string, StoredRow[]>>, read: TableRead): StoredRow[] {
  const { table, selection, ids = [], after = 0n, upTo = 0n } = read;
  const rows = own[table ?? ''] ?? [];
  switch (selection) {
    case Selection.IDS: {
      const wanted = new Set(ids);
      if (table?.startsWith('remembered_')) return rows.filter(({ key }) => wanted.has(`0/${key}`));
      const ownerOf = ({ key, values }: StoredRow) => (table?.endsWith('entry') ? values.reference : key.split('/')[0]);
      return rows.filter((row) => wanted.has(ownerOf(row) ?? ''));
    }
    case Selection.LIVE:
      return rows.filter((row) => isLive(table, row));
    case Selection.RANGE: {
      const sequenceOf = ({ key, values }: StoredRow) => BigInt(values.sequence ?? key);
      return rows.filter((row) => sequenceOf(row) > after && sequenceOf(row) <= upTo);
    }
    case Selection.BLOCK:
    case Selection.BLOCK_HASHES:
    case Selection.DIGESTS: {
      if (selection !== Selection.DIGESTS && ids[0] !== '0') return [];
      const house = new Set((own.orders ?? []).filter(({ values }) => values.house === 'true').map(({ key }) => key));
      return rows.filter((row) => isFinal(table, row, house));
    }
    default:
      return [...rows];
  }
}

/** The answer to a part of a query. */
function answer(own: Readonly<Record<string, StoredRow[]>>, read: TableRead) {
  const rows = select(own, read);
  if (read.selection !== Selection.DIGESTS) return { rows, digests: [], oldestBlock: '' };
  const digest = digestOf(rows.map(({ hash }) => hash));
  return {
    rows: [],
    digests: rows.length === 0 ? [] : [{ block: '0', rows: BigInt(rows.length), digest }],
    oldestBlock: '',
  };
}
