/** What a user reads of the own account, against the slow model. */
import { expect } from 'vitest';
import { Fraction, zero } from '../fraction.ts';
import { SlowAccount, type SlowFees } from '../slow-account.ts';
import type { LifeAccount, LifeFill, LifeOrder } from './read-account.ts';

const cameIn = new Set(['ENTRY_KIND_DEPOSIT', 'ENTRY_KIND_WITHDRAWAL', 'ENTRY_KIND_ISSUE', 'ENTRY_KIND_ADJUSTMENT']);

/** Expects that fills, fees, orders, statement and balances say the same to the millionth; the model for further questions. */
export function expectAccount({ orders, fills, entries, balances }: LifeAccount, fees: SlowFees): SlowAccount {
  const account = new SlowAccount(fees);
  const totals = new Map<string, Fraction>();
  for (const { kind, asset, amount } of entries) {
    const moved = Fraction.of(amount);
    totals.set(asset, (totals.get(asset) ?? zero).plus(moved));
    if (!cameIn.has(kind)) continue;
    if (asset === 'USD') account.pay(moved);
    else account.issue(asset, moved);
  }
  for (const fill of [...fills].sort(bySequence)) {
    const charged = account.fill(slowFill(fill));
    expect({ orderId: fill.orderId, fee: exact(fill.fee) }).toEqual({ orderId: fill.orderId, fee: String(charged) });
  }
  for (const order of orders) expectOrder(order, account, fills);
  for (const { asset, total } of balances) {
    const owed = asset === 'USD' ? account.cash : account.sharesOf(asset);
    const stated = String(totals.get(asset) ?? zero);
    expect({ asset, total: exact(total), stated }).toEqual({ asset, total: String(owed), stated: String(owed) });
  }
  return account;
}

function expectOrder({ orderId, filledQuantity, fees }: LifeOrder, account: SlowAccount, fills: readonly LifeFill[]) {
  const own = fills.filter((fill) => fill.orderId === orderId);
  const fee = own.reduce((sum, { fee: each }) => sum.plus(Fraction.of(each)), zero);
  expect({ orderId, filled: exact(filledQuantity), fees: exact(fees) }).toEqual({
    orderId,
    filled: String(account.tradedBy(orderId)),
    fees: String(fee),
  });
}

/** Expects that the exits of each list have not traded more than its entry, or than an OCO was `ordered` with, by client_list_id; how many lists there are. */
export function expectExits(
  orders: readonly LifeOrder[],
  account: SlowAccount,
  ordered: ReadonlyMap<string, Fraction>,
): number {
  const lists = Map.groupBy(
    orders.filter(({ listId }) => listId !== undefined),
    ({ listId }) => listId as string,
  );
  for (const [listId, legs] of lists) {
    const isEntry = ({ listType, listIndex = 0 }: LifeOrder) => listType !== 'LIST_TYPE_OCO' && listIndex === 0;
    const entry = legs.find(isEntry);
    const sold = legs.filter((leg) => leg !== entry).map(({ orderId }) => account.tradedBy(orderId));
    const quantity = ordered.get(keyOf(legs));
    if (quantity === undefined) throw new Error(`no client has asked for list ${listId}`);
    const most = entry === undefined ? quantity : account.tradedBy(entry.orderId);
    const isMore = sold.reduce((sum, each) => sum.plus(each), zero).isAbove(most);
    expect({ listId, isMore }).toEqual({ listId, isMore: false });
  }
  return lists.size;
}

/** The client_list_id, of which that of each order is made. */
function keyOf([leg]: readonly LifeOrder[]): string {
  return leg?.clientOrderId.replace(/-\d+$/, '') ?? '';
}

/** Expects that nothing is open and nothing is held. */
export function expectNothingHeld({ orders, balances, holds }: LifeAccount): void {
  const open = orders.filter(
    ({ status }) => !/_(FILLED|CANCELLED|REJECTED)$/.test(status) || /_PARTIALLY_/.test(status),
  );
  const held = balances.filter((balance) => exact(balance.held) !== String(zero));
  expect({ open, held, holds }).toEqual({ open: [], held: [], holds: [] });
}

function bySequence(one: LifeFill, other: LifeFill): number {
  return Number(BigInt(one.changeSequence) - BigInt(other.changeSequence));
}

function slowFill({ orderId, symbol, side, quantity, price, maker = false }: LifeFill) {
  return {
    ...{ orderId, symbol, side: side === 'SIDE_BUY' ? ('buy' as const) : ('sell' as const) },
    ...{ quantity: Fraction.of(quantity), price: Fraction.of(price), isMaker: maker },
  };
}

function exact(text: string | undefined): string {
  return String(Fraction.of(text));
}
