/** Proves what is open at the cut: holds, orders and books are those that the exchange's feed leads to at the position of each. */
import { readByIds } from '../clients/stores.ts';
import {
  atWorst,
  expectedHold,
  expectedOrder,
  frozenColumns,
  heldAsset,
  pendingChangeOf,
  termsOf,
} from '../domain/expected-order.ts';
import type { OpenOrders, OrderShadow } from '../domain/order-shadow.ts';
import { compareRow, numberOf, type StoredRow, textOf } from '../domain/row.ts';
import { byKey } from './by-key.ts';
import { checkFrozen } from './check-frozen.ts';
import { checkValue } from './check-value.ts';
import { count, marketClock, type PassContext } from './context.ts';
import { explainChanges } from './explain-changes.ts';
import type { Cut, LiveBook } from './read-cut.ts';

/** How long an order may stand between two states before that is a finding: compensation repeats within seconds. */
const pendingAgeMaxMs = 23.5 * 3_600_000;

/** The open holds of the ledger are those of the open orders. Others belong to orders on their way to or from the book. */
export async function proveHolds(context: PassContext, open: OpenOrders, cut: Cut): Promise<void> {
  const { findings } = context;
  const holds = byKey(cut.holds);
  const orders = byKey(cut.openOrders);
  const lists = Map.groupBy(
    cut.holds.filter((row) => textOf(row, 'list_id') !== ''),
    (row) => textOf(row, 'list_id'),
  );
  count(context, 'holds', holds.size);
  for (const order of open.values()) {
    const row = holds.get(order.orderId);
    holds.delete(order.orderId);
    if (row) {
      checkFrozen(context, { hold: row, order: orders.get(order.orderId) });
      const terms = termsOf(row);
      checkValue(context, order, terms);
      const besides = { change: pendingChangeOf(row), legs: legsAt(order, open, lists) };
      const expected = expectedHold(order, terms, besides);
      compareRow(findings, { rule: 'open-order-has-its-hold', place: 'ledger hold', row, expected });
    } else {
      const subject = `ledger hold ${order.orderId}`;
      const text = `an open hold of account ${order.accountId} for ${order.lots - order.filledLots} lots`;
      findings.add({ rule: 'open-order-has-its-hold', subject, expected: text, found: 'no open hold' });
    }
  }
  await explainHolds(context, holds, { cut, lists });
  await explainChanges(context, open, cut);
}

type HoldsByList = ReadonlyMap<string, readonly StoredRow[]>;

/** The live orders of an order's list at the cut: those that were accepted, and those whose holds stand and which the feed is about to accept. */
function legsAt(order: OrderShadow, open: OpenOrders, lists: HoldsByList): OrderShadow[] {
  const rows = lists.get(order.leg?.listId ?? '') ?? [];
  const holds = byKey(rows);
  const accepted = open.legsOf(order).map((leg) => {
    const hold = holds.get(leg.orderId);
    return atWorst(leg, hold && pendingChangeOf(hold));
  });
  return byRole([...accepted, ...rows.filter(({ key }) => !open.has(key)).map(untradedOrder)]);
}

function byRole(legs: OrderShadow[]): OrderShadow[] {
  return legs.sort((one, other) => (one.leg?.role ?? 0) - (other.leg?.role ?? 0));
}

/** An open hold without an open order is one of an order that was not in the book at the cut. */
async function explainHolds(
  context: PassContext,
  holds: Map<string, StoredRow>,
  { cut, lists }: { cut: Cut; lists: HoldsByList },
): Promise<void> {
  const { findings, stores, callOptions } = context;
  const known = byKey(cut.openOrders);
  const ids = [...holds.keys()].filter((orderId) => !known.has(orderId));
  for (const row of await readByIds(stores, { store: 'order', table: 'orders', ids }, callOptions))
    known.set(row.key, row);
  for (const [orderId, row] of holds) {
    const legs = lists.get(textOf(row, 'list_id')) ?? [];
    const order = known.get(orderId);
    if (order === undefined || !mayHold(order, cut)) {
      findings.add({
        rule: 'hold-has-its-order',
        subject: `ledger hold ${orderId}`,
        expected: 'an order that is open or on its way',
        found: order === undefined ? 'none' : `an order that is ${textOf(order, 'state')}`,
      });
      continue;
    }
    const expected = {
      ...Object.fromEntries(frozenColumns.map((column) => [column, textOf(order, column)])),
      filled_lots: 0n,
      ...amountOf(row, legs),
    };
    compareRow(findings, { rule: 'open-order-has-its-hold', place: 'ledger hold', row, expected });
  }
}

/** What a hold of an order that has not traded holds by its own terms, and those of the other open legs of its list. */
function amountOf(row: StoredRow, legs: readonly StoredRow[]): { amount: bigint } {
  const others = byRole(legs.map(untradedOrder));
  return { amount: BigInt(expectedHold(untradedOrder(row), termsOf(row), { legs: others }).amount ?? 0n) };
}

function untradedOrder(row: StoredRow): OrderShadow {
  const none = { shard: 0, fillCount: 0, acceptedAt: 0n, endedAt: 0n, state: 'open' as const };
  const listId = textOf(row, 'list_id');
  const leg = { listId, role: Number(numberOf(row, 'list_role')), comingLots: 0n, reducedLots: 0n };
  return {
    ...none,
    ...(listId !== '' && { leg }),
    orderId: row.key,
    accountId: textOf(row, 'account_id'),
    symbol: textOf(row, 'symbol'),
    side: textOf(row, 'side') === 'sell' ? 'sell' : 'buy',
    lots: numberOf(row, 'lots'),
    priceTicks: numberOf(row, 'price_ticks'),
    filledLots: 0n,
    traded: { maker: 0n, taker: 0n },
  };
}

/** Whether the order may have had a hold at the cut: it had not been accepted by then, and was not refused before it got one. */
function mayHold(order: StoredRow, { positions }: Cut): boolean {
  const position = positions.get(Number(textOf(order, 'shard'))) ?? 0n;
  const acceptedAt = numberOf(order, 'accepted_position');
  const finalAt = numberOf(order, 'final_position');
  if (acceptedAt > position || finalAt > position) return true;
  const state = textOf(order, 'state');
  if (state === 'intent' || state === 'submitting' || state === 'compensating') return true;
  // Compensated since the cut was read.
  return state === 'rejected' && textOf(order, 'compensated') === 'true';
}

/** The open orders of the order service are those of the feed; returns the age of the oldest that is between two states. */
export function proveOrders(context: PassContext, open: OpenOrders, cut: Cut): bigint {
  const { findings } = context;
  const rows = byKey(cut.openOrders);
  count(context, 'orders_open', rows.size);
  for (const order of open.values()) {
    const row = rows.get(order.orderId);
    rows.delete(order.orderId);
    if (row) {
      const expected = expectedOrder(order, termsOf(row));
      compareRow(findings, { rule: 'order-follows-the-feed', place: 'order orders', row, expected });
    } else {
      const subject = `order orders ${order.orderId}`;
      findings.add({ rule: 'open-order-is-known', subject, expected: 'an open order', found: 'no open order' });
    }
  }
  const clock = marketClock(context);
  let oldestMs = 0n;
  for (const row of rows.values()) {
    const state = textOf(row, 'state');
    const ageMs = BigInt(Math.floor(clock.ageMs(Number(numberOf(row, 'create_time_ms')))));
    if (state === 'open' || ageMs > pendingAgeMaxMs) {
      const expected = 'an order that the feed has opened';
      findings.add({ rule: 'open-order-is-in-the-feed', subject: `order orders ${row.key}`, expected, found: state });
    } else if (ageMs > oldestMs) oldestMs = ageMs;
  }
  count(context, 'orders_pending', rows.size);
  return oldestMs;
}

/** The live orders in the memory of the exchange are those that its journal leads to. */
export function proveBook(
  context: PassContext,
  open: OpenOrders,
  { shard, book }: { shard: number; book: LiveBook },
): void {
  const { findings } = context;
  const rows = byKey(book.rows);
  count(context, 'orders_resting', rows.size);
  for (const order of open.values()) {
    if (order.shard !== shard) continue;
    const row = rows.get(order.orderId);
    rows.delete(order.orderId);
    const { accountId, symbol, side, priceTicks, lots, filledLots } = order;
    const expected = { account_id: accountId, symbol, side, price_ticks: priceTicks, open_lots: lots - filledLots };
    if (row) compareRow(findings, { rule: 'book-equals-journal', place: 'exchange live_order', row, expected });
    else {
      const text = `${lots - filledLots} lots of ${symbol}`;
      findings.add({
        rule: 'book-equals-journal',
        subject: `exchange live_order ${order.orderId}`,
        expected: text,
        found: 'none',
      });
    }
  }
  for (const row of rows.values()) {
    const found = `${textOf(row, 'open_lots')} lots of ${textOf(row, 'symbol')}`;
    findings.add({ rule: 'book-equals-journal', subject: `exchange live_order ${row.key}`, expected: 'none', found });
  }
}

/** What open holds and pending withdrawals hold, by `<account>/<asset>`. */
export function heldSums({ holds, pendingTransfers }: Cut): Map<string, bigint> {
  const held = new Map<string, bigint>();
  const add = (key: string, amount: bigint) => held.set(key, (held.get(key) ?? 0n) + amount);
  for (const row of holds) {
    const side = textOf(row, 'side') === 'sell' ? 'sell' : 'buy';
    add(`${textOf(row, 'account_id')}/${heldAsset({ side, symbol: textOf(row, 'symbol') })}`, numberOf(row, 'amount'));
  }
  for (const row of pendingTransfers) {
    if (textOf(row, 'kind') === 'withdrawal') add(`${textOf(row, 'account_id')}/USD`, numberOf(row, 'amount_micros'));
  }
  return held;
}
