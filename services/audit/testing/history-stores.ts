/** What ledger, order service and portfolio store of a history, each up to a position of its own. Written apart from the audit. */
import { create, toBinary } from '@bufbuild/protobuf';
import { LedgerEntrySchema } from '#gen/outcry/ledger/v1/feed_pb.ts';
import { Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import type { StoredRow } from '../domain/row.ts';
import { type History, idOf, symbol, timeMs } from './history.ts';
import { adjustmentRow, adjustmentsOf, administrator, bookedAdjustment, tradesBefore } from './history-adjustments.ts';
import { memoryTables } from './history-memory.ts';
import { messageTables } from './history-messages.ts';
import { orderTables } from './history-orders.ts';
import { cashStart, type Leg, portfolioTables, sharesStart } from './history-portfolio.ts';
import { listAmounts } from './list-amounts.ts';
import { ceilFee, ceilToUnit, frozen, type Live, replay, type Settled } from './replay-history.ts';
import { rowOf } from './row-of.ts';

/** Rows by table. */
export type Tables = Record<string, StoredRow[]>;

/** What each store has. */
export type HistoryStores = {
  ledger: Tables;
  order: Tables;
  portfolio: Tables;
  notification: Tables;
  user: Tables;
  memory: Tables;
  head: bigint;
};

const external = '00000000-0000-0000-0000-000000000001';
const issuer = '00000000-0000-0000-0000-000000000002';
const feeOwner = '00000000-0000-0000-0000-000000000003';
type Booked = {
  reference: string;
  kind: string;
  fact: Uint8Array;
  legs: Leg[];
  settled?: Settled;
  adjustment?: { cost: bigint };
};

function bookAll(history: History, settled: readonly Settled[]): Booked[] {
  const booked: Booked[] = history.accounts.flatMap((accountId, index) => {
    const [transferId, issueId] = [idOf('cccc', index), idOf('dddd', index)];
    const cash = { accountId, amountMicros: cashStart, transferId };
    const issue = { accountId, symbol, quantityMicros: sharesStart, issueId };
    return [
      {
        reference: transferId,
        kind: 'cash',
        fact: toBinary(
          LedgerEntrySchema,
          create(LedgerEntrySchema, { timeMs, entry: { case: 'cashMoved', value: cash } }),
        ),
        legs: [
          [accountId, 'USD', cashStart, 'deposit', ''],
          [external, 'USD', -cashStart, 'deposit', ''],
        ] as Leg[],
      },
      {
        reference: issueId,
        kind: 'issue',
        fact: toBinary(
          LedgerEntrySchema,
          create(LedgerEntrySchema, { timeMs, entry: { case: 'sharesIssued', value: issue } }),
        ),
        legs: [
          [accountId, symbol, sharesStart, 'issue', ''],
          [issuer, symbol, -sharesStart, 'issue', ''],
        ] as Leg[],
      },
    ];
  });
  const trades: Booked[] = settled.map((one, index) => bookTrade(history, one, index < history.tradesInCents));
  if (trades.length >= tradesBefore) trades.splice(tradesBefore, 0, ...adjustmentsOf(history).map(bookedAdjustment));
  return [...booked, ...trades];
}

function bookTrade({ lotMicros }: History, settled: Settled, isOfCents: boolean): Booked {
  const { event, value, makerFee, takerFee } = settled;
  const sides = [
    { ...event.maker, feeMicros: makerFee },
    { ...event.taker, feeMicros: takerFee },
  ];
  const [buyer, seller] = event.maker.side === 'buy' ? sides : sides.toReversed();
  if (!buyer || !seller) throw new Error('a trade has two sides');
  const micros = event.lots * lotMicros;
  const takerSide = event.taker.side === 'buy' ? Side.BUY : Side.SELL;
  const terms = { tradeId: event.tradeId, symbol, quantityMicros: micros, takerSide };
  const inCents = ({ feeMicros, ...side }: typeof buyer) => ({ ...side, feeCents: feeMicros / 10_000n });
  const fact = isOfCents
    ? { ...terms, valueCents: value / 10_000n, buyer: inCents(buyer), seller: inCents(seller) }
    : { ...terms, valueMicros: value, buyer, seller };
  const legs: Leg[] = [
    [buyer.accountId, 'USD', -value, 'trade', buyer.orderId],
    [buyer.accountId, symbol, micros, 'trade', buyer.orderId],
    [buyer.accountId, 'USD', -buyer.feeMicros, 'fee', buyer.orderId],
    [seller.accountId, symbol, -micros, 'trade', seller.orderId],
    [seller.accountId, 'USD', value, 'trade', seller.orderId],
    [seller.accountId, 'USD', -seller.feeMicros, 'fee', seller.orderId],
    [feeOwner, 'USD', buyer.feeMicros + seller.feeMicros, 'fee', ''],
  ];
  const message = create(LedgerEntrySchema, { timeMs, entry: { case: 'tradeSettled', value: fact } });
  const written = legs.filter(([, , amount]) => amount !== 0n);
  return {
    reference: event.tradeId,
    kind: 'trade',
    fact: toBinary(LedgerEntrySchema, message),
    legs: written,
    settled,
  };
}

/** The stores: the ledger at one position of the feed, the order service at another, the portfolio at one of the ledger's. */
export function storesOf(history: History, at: { ledger: number; order: number }): HistoryStores {
  const ledgerState = replay(history, at.ledger);
  const booked = bookAll(history, ledgerState.settled);
  const messages = messageTables(history, at.order);
  let memory: Tables | undefined;
  return {
    ledger: { ...ledgerTables(history, ledgerState.live, booked), outbox_event: messages.ledger },
    order: { ...orderTables(history, replay(history, at.order), at.order), outbox_event: messages.order },
    portfolio: portfolioTables(history, booked),
    notification: { received: messages.received },
    user: { administrator: [rowOf(administrator, { account_id: administrator })] },
    get memory() {
      memory ??= memoryTables(history);
      return memory;
    },
    head: BigInt(booked.length),
  };
}

function ledgerTables(history: History, live: ReadonlyMap<string, Live>, booked: readonly Booked[]): Tables {
  const shared = listAmounts(history, live);
  const holds = [...live.values()].map((order) => holdRow(history, order, shared));
  const owned = new Map<string, bigint>();
  for (const [accountId, asset, amount] of booked.flatMap(({ legs }) => legs)) {
    const key = `${accountId}/${asset}`;
    owned.set(key, (owned.get(key) ?? 0n) + amount);
  }
  const held = new Map<string, bigint>();
  for (const { values } of holds) {
    if (values.state !== 'open') continue;
    const key = `${values.account_id}/${values.side === 'buy' ? 'USD' : symbol}`;
    held.set(key, (held.get(key) ?? 0n) + BigInt(values.amount ?? 0));
  }
  const entry = booked.map(({ kind, reference, fact }, index) =>
    rowOf(String(index + 1), { kind, reference, book_time_ms: timeMs, fact: Buffer.from(fact).toString('hex') }),
  );
  return {
    hold: holds,
    entry,
    cash_entry: entry.filter(({ values }) => values.kind === 'cash'),
    adjustment_entry: entry.filter(({ values }) => values.kind === 'adjustment'),
    adjustment: adjustmentsOf(history).map(adjustmentRow),
    posting: booked.flatMap(({ legs }, index) =>
      legs.map(([account_id, asset, amount, kind, order_id], line) =>
        rowOf(`${index + 1}/${line}`, { sequence: index + 1, line, account_id, asset, amount, kind, order_id }),
      ),
    ),
    balance: [...owned].map(([key, amount]) => {
      const [account_id = '', asset = ''] = key.split('/');
      const isHeld = held.get(key) ?? 0n;
      return rowOf(key, { account_id, asset, available: amount - isHeld, held: isHeld });
    }),
    transfer: history.accounts.map((account_id, index) =>
      rowOf(idOf('cccc', index), { account_id, kind: 'deposit', amount_micros: cashStart, status: 'completed' }),
    ),
  };
}

function holdRow(history: History, order: Live, shared: ReadonlyMap<string, bigint>): StoredRow {
  const isOpen = order.state === 'open' || order.state === 'submitting';
  const rest = order.lots - order.filled;
  const value = worstTicks(order) * history.tickLotMicros;
  const { makerBps, takerBps, side } = order.placed;
  const [, worstBps = 0n] = makerBps > takerBps ? [takerBps, makerBps] : [makerBps, takerBps];
  const weighted = order.maker * makerBps + order.taker * takerBps + value * worstBps;
  const worstFee = ceilToUnit(weighted, history);
  const { byAmount } = order.placed;
  const cash = byAmount ? byAmount.amountMicros - order.maker - order.taker : value + worstFee;
  const shares = order.change && order.change.lots > order.lots ? order.change.lots - order.filled : rest;
  const alone = side === 'sell' ? shares * history.lotMicros : cash - ceilFee(history, order);
  const { list, orderId } = order.placed;
  const amount = list && list.role > 0 ? (shared.get(orderId) ?? 0n) : alone;
  return rowOf(order.placed.orderId, {
    ...frozen(history, order),
    state: isOpen ? 'open' : 'settled',
    lots: order.lots - order.reduced,
    list_role: list?.role ?? '',
    coming_lots: order.coming,
    price_ticks: order.price,
    filled_lots: order.filled,
    maker_value_micros: order.maker,
    taker_value_micros: order.taker,
    amount: isOpen ? amount : 0n,
    amend_number: order.change?.number ?? '',
    amend_state: order.change ? 'pending' : '',
    amend_lots: order.change?.lots ?? '',
    amend_price_ticks: order.change?.priceTicks ?? '',
  });
}

/** The dearest course of an order: any number of its lots may trade before the change that is on its way, or all. */
function worstTicks({ lots, filled, price, change }: Live): bigint {
  let worst = (lots - filled) * price;
  if (change === undefined) return worst;
  const most = lots < change.lots ? lots - filled : change.lots - filled;
  for (let early = 0n; early <= most; early += 1n) {
    const ticks = early * price + (change.lots - filled - early) * change.priceTicks;
    if (ticks > worst) worst = ticks;
  }
  return worst;
}
