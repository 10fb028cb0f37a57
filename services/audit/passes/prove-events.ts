/** Proves a run of the exchange's events: each trade is booked once with its fee, and orders that ended are what the feed made of them. */

import { readByIds } from '../clients/stores.ts';
import type { StoreName } from '../domain/audited-stores.ts';
import type { OrderEvent } from '../domain/exchange-event.ts';
import { expectedFill, type FrozenTerms, termsOf } from '../domain/expected-order.ts';
import { expectedTradeFact } from '../domain/expected-trade.ts';
import { applyEvent, type OpenOrders, type OrderShadow, type ShadowTrade } from '../domain/order-shadow.ts';
import { compareRow, type StoredRow, textOf } from '../domain/row.ts';
import { toLedgerFact } from '../rpc/messages/feed-event.ts';
import { byKey } from './by-key.ts';
import { checkEnded, type EndedRows } from './check-ended.ts';
import { checkFrozen } from './check-frozen.ts';
import { count, type PassContext } from './context.ts';
import { toNotification } from './expected-message.ts';
import { orderMessages } from './order-messages.ts';
import { proveMessages } from './prove-messages.ts';
import { proveRemembered } from './prove-remembered.ts';
import type { RowsToSeal } from './save-window.ts';

/** What a run of events has changed, and the rows that it has proved. */
export type ProvedEvents = {
  changed: Set<string>;
  seals: RowsToSeal[];
  /** Number of the last trade; 0: there was none. */
  lastTrade: bigint;
};

type Window = { trades: ShadowTrade[]; ended: OrderShadow[]; changed: Set<string> };
type Rows = ReadonlyMap<string, StoredRow>;

/** Applies the events to the open orders, and compares what they lead to with the stores. */
export async function proveEvents(
  context: PassContext,
  open: OpenOrders,
  { shard, events }: { shard: number; events: readonly OrderEvent[] },
): Promise<ProvedEvents> {
  const window = applyAll(open, shard, events);
  const { trades, ended, changed } = window;
  const traded = [...new Set(trades.flatMap(({ maker, taker }) => [maker.orderId, taker.orderId]))];
  const ids = [...new Set([...traded, ...ended.map(({ orderId }) => orderId)])];
  const opened = events.flatMap((event) => (event.kind === 'accepted' ? [event.orderId] : []));
  const read = async (store: StoreName, table: string, keys: readonly string[]) =>
    byKey(await readByIds(context.stores, { store, table, ids: keys }, context.callOptions));
  const holds = await read('ledger', 'hold', ids);
  const tradeIds = trades.map(({ event }) => event.tradeId);
  const entries = new Map(
    [...(await read('ledger', 'entry', tradeIds)).values()].map((row) => [textOf(row, 'reference'), row]),
  );
  const orders = await read('order', 'orders', [...new Set([...ids, ...opened])]);
  const fills = await read('order', 'fills', ids);
  for (const orderId of ids) checkFrozen(context, { hold: holds.get(orderId), order: orders.get(orderId) });
  for (const trade of trades) checkTrade(context, trade, { holds, entries, fills, orders });
  const tradeKeys = new Set(
    trades.flatMap(({ event }) => [event.maker, event.taker].map(({ orderId }) => `${orderId}/${event.tradeId}`)),
  );
  for (const order of ended) checkEnded(context, order, { holds, orders, fills, tradeKeys });
  await proveRemembered(context, { shard, events, ended });
  await proveMessages(context, toNotification('order'), orderMessages(context, { events, ended, orders }));
  count(context, 'trades', trades.length);
  count(context, 'orders_ended', ended.length);
  const lastTrade = tradeNumber(trades.at(-1)?.event.tradeId ?? '');
  return { changed, seals: sealsOf(window, { holds, orders, fills }), lastTrade };
}

function applyAll(open: OpenOrders, shard: number, events: readonly OrderEvent[]): Window {
  const window: Window = { trades: [], ended: [], changed: new Set() };
  for (const event of events) {
    const { trade, ended, others = [] } = applyEvent(open, event, shard);
    if (trade) {
      window.trades.push(trade);
      window.changed.add(trade.maker.orderId).add(trade.taker.orderId);
    } else if (event.kind !== 'traded') window.changed.add(event.orderId);
    for (const { orderId } of others) window.changed.add(orderId);
    window.ended.push(...ended);
  }
  return window;
}

type TradeRows = { holds: Rows; entries: Rows; fills: Rows; orders: Rows };

function checkTrade(context: PassContext, trade: ShadowTrade, rows: TradeRows): void {
  const { findings } = context;
  const { event } = trade;
  const termsBy = (role: 'maker' | 'taker'): FrozenTerms | undefined => {
    const hold = rows.holds.get(event[role].orderId);
    return hold && termsOf(hold);
  };
  const [maker, taker] = [termsBy('maker'), termsBy('taker')];
  if (maker === undefined || taker === undefined) {
    const orderId = maker === undefined ? event.maker.orderId : event.taker.orderId;
    findings.add({
      rule: 'traded-order-has-its-hold',
      subject: `ledger hold ${orderId}`,
      expected: `a hold of an order of trade ${event.tradeId}`,
      found: 'none',
    });
    return;
  }
  checkEntry(context, trade, rows.entries.get(event.tradeId), { maker, taker });
  for (const [role, terms] of [
    ['maker', maker],
    ['taker', taker],
  ] as const) {
    const { orderId } = event[role];
    const fill = rows.fills.get(`${orderId}/${event.tradeId}`);
    if (fill !== undefined) {
      compareRow(findings, {
        rule: 'fill-equals-trade',
        place: 'order fills',
        row: fill,
        expected: expectedFill(trade, role, terms),
      });
    } else if (rows.orders.has(orderId)) {
      findings.add({
        rule: 'trade-has-its-fills',
        subject: `order fills ${orderId}/${event.tradeId}`,
        expected: `a fill of ${event.lots} lots at ${event.priceTicks}`,
        found: 'none',
      });
    }
  }
}

function checkEntry(
  { findings }: PassContext,
  trade: ShadowTrade,
  row: StoredRow | undefined,
  terms: { maker: FrozenTerms; taker: FrozenTerms },
): void {
  const { tradeId } = trade.event;
  if (row === undefined) {
    const expected = `one entry of trade ${tradeId}`;
    findings.add({ rule: 'trade-is-booked', subject: `ledger entry of trade ${tradeId}`, expected, found: 'none' });
    return;
  }
  const fact = toLedgerFact(textOf(row, 'fact'));
  // What is no fact of a trade is named where entries are proved.
  if (fact?.kind !== 'trade') return;
  const expected = expectedTradeFact(trade, terms);
  const wrong = Object.entries(expected).filter(([name, value]) => value !== flatFact(fact)[name]);
  if (wrong.length === 0) return;
  findings.add({
    rule: 'entry-equals-trade',
    subject: `ledger entry ${row.key} of trade ${tradeId}`,
    expected: wrong.map(([name, value]) => `${name} ${value}`).join(', '),
    found: wrong.map(([name]) => `${name} ${flatFact(fact)[name]}`).join(', '),
  });
}

function flatFact(
  fact: Extract<NonNullable<ReturnType<typeof toLedgerFact>>, { kind: 'trade' }>,
): Record<string, string> {
  const { symbol, micros, valueMicros, buyer, seller, takerSide } = fact;
  return {
    symbol,
    micros: String(micros),
    value_micros: String(valueMicros),
    buyer: `${buyer.accountId} ${buyer.orderId}`,
    buyer_fee_micros: String(buyer.feeMicros),
    seller: `${seller.accountId} ${seller.orderId}`,
    seller_fee_micros: String(seller.feeMicros),
    taker_side: takerSide,
  };
}

function sealsOf({ trades, ended }: Window, { holds, orders, fills }: Omit<EndedRows, 'tradeKeys'>): RowsToSeal[] {
  const ids = new Set(ended.map(({ orderId }) => orderId));
  const finalStates = new Set(['filled', 'cancelled', 'rejected']);
  // Orders of the house are deleted soon, with their fills.
  const isSealable = (row: StoredRow | undefined) => row !== undefined && textOf(row, 'house') !== 'true';
  const traded = trades.flatMap(({ event }) => [event.maker, event.taker].map(({ orderId }) => ({ orderId, event })));
  const ownFills = traded.flatMap(({ orderId, event }) => {
    const row = fills.get(`${orderId}/${event.tradeId}`);
    return row !== undefined && isSealable(orders.get(orderId)) ? [row] : [];
  });
  const endedRows = (rows: Rows) => [...rows.values()].filter(({ key }) => ids.has(key));
  return [
    { store: 'ledger', table: 'hold', rows: endedRows(holds).filter((row) => textOf(row, 'state') !== 'open') },
    {
      store: 'order',
      table: 'orders',
      rows: endedRows(orders).filter((row) => isSealable(row) && finalStates.has(textOf(row, 'state'))),
    },
    { store: 'order', table: 'fills', rows: ownFills },
  ];
}

/** The number in the id of a trade, `<shard>-<number>`; 0 for another id. */
export function tradeNumber(tradeId: string): bigint {
  return BigInt(/^\d+-(\d{1,18})$/.exec(tradeId)?.[1] ?? 0);
}
