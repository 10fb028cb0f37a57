/** What ledger, order service and portfolio store of a history, each up to a position of its own. Written apart from the audit. */
import { create, toBinary } from '@bufbuild/protobuf';
import { LedgerEntrySchema } from '#gen/outcry/ledger/v1/feed_pb.ts';
import { Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import type { StoredRow } from '../domain/row.ts';
import { type History, idOf, type PlacedOrder, symbol } from './random-history.ts';

/** Rows by table. */
export type Tables = Record<string, StoredRow[]>;

/** What each store has. */
export type HistoryStores = { ledger: Tables; order: Tables; portfolio: Tables; head: bigint };

const external = '00000000-0000-0000-0000-000000000001';
const issuer = '00000000-0000-0000-0000-000000000002';
const feeOwner = '00000000-0000-0000-0000-000000000003';
const [cashStart, sharesStart] = [10_000_000n, 50_000_000_000n];

type Live = {
  placed: PlacedOrder;
  lots: bigint;
  price: bigint;
  filled: bigint;
  maker: bigint;
  taker: bigint;
  state: string;
  acceptedAt: string;
  endedAt: string;
};

/** FNV-1a, as any hash would do. */
export function hashOf(text: string): bigint {
  let hash = 0xcbf29ce484222325n;
  for (const byte of Buffer.from(text)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return BigInt.asIntN(64, hash);
}

/** A row with these values. */
export function rowOf(key: string, values: Record<string, string | number | bigint | boolean>): StoredRow {
  const texts = Object.entries(values).map(([name, value]) => [name, String(value)]);
  return { key, values: Object.fromEntries(texts), hash: hashOf(`${key} ${JSON.stringify(texts)}`), block: '0' };
}

function ceilFee(order: Live): bigint {
  const weighted = order.maker * order.placed.makerBps + order.taker * order.placed.takerBps;
  const fee = weighted / 10_000n + (weighted % 10_000n > 0n ? 1n : 0n);
  const proceeds = order.maker + order.taker;
  return order.placed.side === 'sell' && fee > proceeds ? proceeds : fee;
}

/** The orders after the first `position` events, and what each trade came to. */
function replay({ orders, events, tickLotCents }: History, position: number) {
  const live = new Map<string, Live>();
  const settled: Settled[] = [];
  for (const placed of orders.values()) {
    if (placed.from > position) continue;
    const none = { filled: 0n, maker: 0n, taker: 0n, state: 'submitting', acceptedAt: '', endedAt: '' };
    live.set(placed.orderId, { placed, lots: placed.lots, price: placed.priceTicks, ...none });
  }
  for (const event of events.slice(0, position)) {
    const sequence = String(event.sequence);
    if (event.kind === 'traded') {
      const value = event.lots * event.priceTicks * tickLotCents;
      const fees = (['maker', 'taker'] as const).map((role) => {
        const order = live.get(event[role].orderId);
        if (order === undefined) throw new Error('the history trades an unknown order');
        const before = ceilFee(order);
        order[role] += value;
        order.filled += event.lots;
        if (event[role].remainingLots === 0n) Object.assign(order, { state: 'filled', endedAt: sequence });
        return ceilFee(order) - before;
      });
      settled.push({ event, value, makerFee: fees[0] ?? 0n, takerFee: fees[1] ?? 0n });
      continue;
    }
    const order = live.get(event.orderId);
    if (order === undefined) continue;
    if (event.kind === 'accepted') Object.assign(order, { state: 'open', acceptedAt: sequence });
    else if (event.kind === 'replaced') Object.assign(order, { price: event.priceTicks, lots: event.lots });
    else {
      const state = event.kind === 'rejected' || order.acceptedAt === '' ? 'rejected' : 'cancelled';
      Object.assign(order, { state, endedAt: sequence });
    }
  }
  return { live, settled };
}

type Settled = {
  event: Extract<History['events'][number], { kind: 'traded' }>;
  value: bigint;
  makerFee: bigint;
  takerFee: bigint;
};
type Leg = [accountId: string, asset: string, amount: bigint, kind: string, orderId: string];
type Booked = { reference: string; kind: string; fact: Uint8Array; legs: Leg[]; settled?: Settled };

const timeMs = 1_700_000_000_000n;

function bookAll(history: History, settled: readonly Settled[]): Booked[] {
  const booked: Booked[] = history.accounts.flatMap((accountId, index) => {
    const [transferId, issueId] = [idOf('cccc', index), idOf('dddd', index)];
    const cash = { accountId, amountCents: cashStart, transferId };
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
  return [...booked, ...settled.map((one) => bookTrade(history, one))];
}

function bookTrade({ lotMicros }: History, settled: Settled): Booked {
  const { event, value, makerFee, takerFee } = settled;
  const sides = [
    { ...event.maker, feeCents: makerFee },
    { ...event.taker, feeCents: takerFee },
  ];
  const [buyer, seller] = event.maker.side === 'buy' ? sides : sides.toReversed();
  if (!buyer || !seller) throw new Error('a trade has two sides');
  const micros = event.lots * lotMicros;
  const takerSide = event.taker.side === 'buy' ? Side.BUY : Side.SELL;
  const fact = { tradeId: event.tradeId, symbol, quantityMicros: micros, valueCents: value, buyer, seller, takerSide };
  const legs: Leg[] = [
    [buyer.accountId, 'USD', -value, 'trade', buyer.orderId],
    [buyer.accountId, symbol, micros, 'trade', buyer.orderId],
    [buyer.accountId, 'USD', -buyer.feeCents, 'fee', buyer.orderId],
    [seller.accountId, symbol, -micros, 'trade', seller.orderId],
    [seller.accountId, 'USD', value, 'trade', seller.orderId],
    [seller.accountId, 'USD', -seller.feeCents, 'fee', seller.orderId],
    [feeOwner, 'USD', buyer.feeCents + seller.feeCents, 'fee', ''],
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
  return {
    ledger: ledgerTables(history, ledgerState.live, booked),
    order: orderTables(history, replay(history, at.order)),
    portfolio: portfolioTables(history, booked),
    head: BigInt(booked.length),
  };
}

function ledgerTables(history: History, live: ReadonlyMap<string, Live>, booked: readonly Booked[]): Tables {
  const holds = [...live.values()].map((order) => holdRow(history, order));
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
      rowOf(idOf('cccc', index), { account_id, kind: 'deposit', amount_cents: cashStart, status: 'completed' }),
    ),
  };
}

function frozen({ tickLotCents, lotMicros }: History, { placed }: Live) {
  return {
    account_id: placed.accountId,
    symbol,
    side: placed.side,
    tick_lot_cents: tickLotCents,
    lot_micros: lotMicros,
    maker_bps: placed.makerBps,
    taker_bps: placed.takerBps,
  };
}

function holdRow(history: History, order: Live): StoredRow {
  const isOpen = order.state === 'open' || order.state === 'submitting';
  const rest = order.lots - order.filled;
  const value = rest * order.price * history.tickLotCents;
  const { makerBps, takerBps, side } = order.placed;
  const worstBps = makerBps > takerBps ? makerBps : takerBps;
  const weighted = order.maker * makerBps + order.taker * takerBps + value * worstBps;
  const worstFee = weighted / 10_000n + (weighted % 10_000n > 0n ? 1n : 0n);
  const amount = side === 'sell' ? rest * history.lotMicros : value + worstFee - ceilFee(order);
  return rowOf(order.placed.orderId, {
    ...frozen(history, order),
    state: isOpen ? 'open' : 'settled',
    lots: order.lots,
    price_ticks: order.price,
    filled_lots: order.filled,
    maker_value_cents: order.maker,
    taker_value_cents: order.taker,
    amount: isOpen ? amount : 0n,
  });
}

function orderTables(history: History, { live, settled }: ReturnType<typeof replay>): Tables {
  const orders = [...live.values()].map((order) =>
    rowOf(order.placed.orderId, {
      ...frozen(history, order),
      state: order.state,
      shard: 0,
      house: order.placed.house,
      quantity_lots: order.lots,
      price_ticks: order.price,
      filled_lots: order.filled,
      maker_value_cents: order.maker,
      taker_value_cents: order.taker,
      fee_cents: ceilFee(order),
      compensated: false,
      accepted_position: order.acceptedAt === '' ? '' : order.acceptedAt,
      final_position: order.endedAt,
      create_time_ms: timeMs,
    }),
  );
  const fills = settled.flatMap(({ event, value, makerFee, takerFee }) =>
    (['maker', 'taker'] as const).map((role) => {
      const { orderId, accountId, side } = event[role];
      return rowOf(`${orderId}/${event.tradeId}`, {
        trade_id: event.tradeId,
        order_id: orderId,
        account_id: accountId,
        symbol,
        side,
        lots: event.lots,
        price_ticks: event.priceTicks,
        lot_micros: history.lotMicros,
        value_cents: value,
        fee_cents: role === 'maker' ? makerFee : takerFee,
        maker: role === 'maker',
        feed_sequence: event.sequence,
      });
    }),
  );
  return { orders, fills, accounts: history.accounts.map((account) => counterRow(history, account, live)) };
}

function counterRow({ tickLotCents }: History, accountId: string, live: ReadonlyMap<string, Live>): StoredRow {
  const own = [...live.values()].filter(
    ({ placed, state }) => placed.accountId === accountId && ['open', 'submitting'].includes(state),
  );
  const notional = own.reduce((sum, { lots, filled, price }) => sum + (lots - filled) * price * tickLotCents, 0n);
  return rowOf(accountId, { open_count: own.length, open_notional_cents: notional });
}

function portfolioTables(history: History, booked: readonly Booked[]): Tables {
  const cash = new Map(history.accounts.map((account) => [account, cashStart]));
  const positions = new Map(history.accounts.map((account) => [account, { micros: sharesStart, cost: 0n, gain: 0n }]));
  const gains: StoredRow[] = [];
  for (const [index, { settled, legs }] of booked.entries()) {
    if (!settled) continue;
    const [buyer, seller] = [
      legs.find(([, asset, amount]) => asset === symbol && amount > 0n)?.[0] ?? '',
      legs.find(([, asset, amount]) => asset === symbol && amount < 0n)?.[0] ?? '',
    ];
    const { event, value, makerFee, takerFee } = settled;
    const [buyerFee, sellerFee] = event.maker.side === 'buy' ? [makerFee, takerFee] : [takerFee, makerFee];
    const micros = event.lots * history.lotMicros;
    const sold = positions.get(seller);
    const bought = positions.get(buyer);
    if (!sold || !bought) continue;
    const cost = halfEven(sold.cost * micros, sold.micros);
    const proceeds = value - sellerFee;
    Object.assign(sold, { micros: sold.micros - micros, cost: sold.cost - cost, gain: sold.gain + proceeds - cost });
    Object.assign(bought, { micros: bought.micros + micros, cost: bought.cost + value + buyerFee });
    cash.set(seller, (cash.get(seller) ?? 0n) + proceeds);
    cash.set(buyer, (cash.get(buyer) ?? 0n) - value - buyerFee);
    gains.push(
      rowOf(`${seller}/${index + 1}`, {
        sequence: index + 1,
        trade_id: event.tradeId,
        symbol,
        quantity_micros: micros,
        proceeds_cents: proceeds,
        cost_cents: cost,
        gain_cents: proceeds - cost,
      }),
    );
  }
  return {
    cash: [...cash].map(([account, cents]) => rowOf(account, { amount_cents: cents })),
    position: [...positions].map(([account, { micros, cost, gain }]) =>
      rowOf(`${account}/${symbol}`, { quantity_micros: micros, cost_cents: cost, realized_cents: gain }),
    ),
    realized_gain: gains,
  };
}

function halfEven(numerator: bigint, denominator: bigint): bigint {
  const floor = numerator / denominator;
  const twice = 2n * (numerator - floor * denominator);
  if (twice < denominator) return floor;
  return twice > denominator || floor % 2n === 1n ? floor + 1n : floor;
}
