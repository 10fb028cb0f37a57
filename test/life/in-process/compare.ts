/** The ledger's books beside the slow model. */
import { expect } from 'vitest';
import { Fraction, zero } from '../fraction.ts';
import type { House } from './house.ts';
import type { TrueOrder, Truth } from './truth.ts';

const feeAccount = '00000000-0000-0000-0000-000000000003';
const million = new Fraction(1n, 1_000_000n);

/** Expects what every account owns, and what every order by itself holds, of a house whose ledger has seen all of the feed. */
export function expectEqual(house: House, truth: Truth, symbols: readonly string[]): void {
  let fees = zero;
  for (const [accountId, account] of truth.accounts) {
    const owned = (asset: string) => {
      const { available, held } = house.sheet.read({ accountId, asset });
      return String(new Fraction(available + held).times(million));
    };
    const shares = symbols.map((symbol) => [symbol, owned(symbol)]);
    expect({ accountId, cash: owned('USD'), shares }).toEqual({
      accountId,
      cash: String(account.cash),
      shares: symbols.map((symbol) => [symbol, String(account.sharesOf(symbol))]),
    });
    fees = fees.plus(account.feesPaid);
  }
  const { available } = house.sheet.read({ accountId: feeAccount, asset: 'USD' });
  expect(String(new Fraction(available).times(million))).toBe(String(fees));
  expectHolds(house, truth);
}

/** Held is the sum of the holds; an order by itself holds its shares, or what it costs at most. */
function expectHolds({ holds, sheet }: House, truth: Truth): void {
  const sums = new Map<string, bigint>();
  for (const { terms, amount, orderId, state, amendment, leg } of holds.values()) {
    const key = `${terms.accountId} ${terms.side === 'buy' ? 'USD' : terms.symbol}`;
    sums.set(key, (sums.get(key) ?? 0n) + amount);
    const order = truth.orders.get(orderId);
    expect({ orderId, isOpen: state === 'open' }).toEqual({ orderId, isOpen: order?.isLive === true });
    if (!order?.isLive || leg !== undefined || amendment?.state === 'pending') continue;
    const held = String(new Fraction(amount).times(million));
    expect({ orderId, held }).toEqual({ orderId, held: String(mostOf(order, truth)) });
  }
  for (const [key, sum] of sums) {
    const [accountId = '', asset = ''] = key.split(' ');
    expect({ key, held: sheet.read({ accountId, asset }).held }).toEqual({ key, held: sum });
  }
}

function mostOf(
  { accountId, orderId, side, remainingLots, priceTicks }: TrueOrder,
  truth: Truth,
): Fraction | undefined {
  const rest = new Fraction(BigInt(remainingLots));
  if (side === 'sell') return rest;
  return truth.accounts.get(accountId)?.costOf(orderId, rest, new Fraction(BigInt(priceTicks), 100n));
}

/** Expects that the exits of a list never traded more together than its entry, or than the one quantity of an OCO; how many lists had trades of two exits. */
export function expectExitsOnce(truth: Truth): { lists: number; bothTraded: number } {
  const lists = new Map<string, TrueOrder[]>();
  for (const order of truth.orders.values())
    if (order.list !== undefined) lists.set(order.list.listId, [...(lists.get(order.list.listId) ?? []), order]);
  let bothTraded = 0;
  for (const legs of lists.values()) {
    const entry = legs.find(({ list }) => list?.place === 0 && list.type !== 1);
    const exits = legs.filter((leg) => leg !== entry).map((leg) => truth.tradedBy(leg));
    const sold = exits.reduce((sum, traded) => sum.plus(traded), zero);
    const most = entry === undefined ? new Fraction(BigInt(legs[0]?.terms.quantityLots ?? 0)) : truth.tradedBy(entry);
    expect(sold.isAbove(most)).toBe(false);
    if (exits.length > 1 && exits.every((traded) => traded.isAbove(zero))) bothTraded += 1;
  }
  return { lists: lists.size, bothTraded };
}
