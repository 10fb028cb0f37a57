/** The rules on changes, cancels, lists and holds can fail: each with rows that break it, and the same rows mended. */
import { describe, expect, it } from 'vitest';
import type { Market } from '../traffic/open-market.ts';
import {
  type Answer,
  createOperation,
  type Operation,
  type OperationKind,
  type SeenOrder,
} from '../traffic/operations.ts';
import { askedOrders } from './asked-orders.ts';
import { checkCancels } from './check-cancels.ts';
import { checkLists } from './check-lists.ts';
import { checkNothingHeld } from './check-nothing-held.ts';
import { checkReplacesOfClients } from './check-replaces.ts';
import { compareHolds } from './compare-holds.ts';
import type { Finding } from './finding.ts';
import type { OrderRow } from './order-row.ts';
import type { Stores } from './stores.ts';

/** Stores that answer every statement with these rows. */
function storesOf(rows: Readonly<Record<string, readonly object[]>>): Stores {
  return {
    read: <R extends object>(store: string) => Promise.resolve([...(rows[store] ?? [])] as R[]),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

const users = [{ accountId: 'a', email: 'a@example.com', token: '' }];
const market: Market = { users, symbols: ['X'], cashCents: 0n, sharesMicros: 0n };
const seen = (orderId: string, more: Partial<SeenOrder> = {}): SeenOrder => ({
  ...{ orderId, status: 'ORDER_STATUS_OPEN', filledQuantity: '0' },
  ...more,
});
const done = (...orders: SeenOrder[]): Answer => ({
  ...{ kind: 'done', order: undefined, transfer: undefined },
  items: orders.map((order) => ({ kind: 'done', order })),
});
const refused: Answer = { kind: 'refused', code: 'failed_precondition', reason: 'ORDER_ALREADY_FINAL' };

function call(kind: OperationKind, given: Partial<Operation> = {}): Operation {
  return { ...createOperation({ number: 1, kind, user: 0, key: 'k', rpc: 'r', body: {} }), ...given };
}

const rulesOf = (findings: readonly Finding[]) => findings.map(({ rule }) => rule);

describe('askedOrders', () => {
  it('has each order of a batch and of a list with its own outcome, and a refusal of all for each', () => {
    const answer: Answer = { ...done(seen('one')), items: [{ kind: 'done', order: seen('one') }, refused] } as Answer;
    const batch = call('place-batch', { orderKeys: ['k-0', 'k-1'], answers: [answer] });
    expect(askedOrders([batch]).map(({ key, answers }) => [key, answers[0]?.kind])).toEqual([
      ['k-0', 'done'],
      ['k-1', 'refused'],
    ]);
    const list = call('place-list', { orderKeys: ['k-0', 'k-1'], answers: [refused] });
    expect(askedOrders([list]).map(({ answers }) => answers)).toEqual([[refused], [refused]]);
  });
});

describe('checkReplacesOfClients', () => {
  const check = (answers: Answer[], rows: object[]) =>
    checkReplacesOfClients(storesOf({ order: rows }), market, [call('replace', { body: { orderId: 'o' }, answers })]);
  const row = { name: 'a k', order_id: 'o', state: 'done' };

  it('finds a change that was answered and not made, made though refused, made twice, or that no one asked for', async () => {
    expect(rulesOf(await check([done(seen('o'))], []))).toEqual(['acknowledged-change']);
    expect(rulesOf(await check([refused], [row]))).toEqual(['refused-change-is-not-made']);
    expect(rulesOf(await check([done(seen('o')), refused], [row]))).toEqual(['answers-agree']);
    expect(rulesOf(await check([done(seen('o'))], [row, row]))).toEqual(['change-is-made-once']);
    expect(rulesOf(await check([refused], [{ ...row, state: 'pending' }]))).toEqual(['change-is-final']);
    expect(rulesOf(await check([refused], [{ ...row, name: 'a other' }]))).toEqual(['change-was-asked-for']);
  });

  it('finds nothing where each was made once', async () => {
    expect(await check([done(seen('o')), done(seen('o'))], [row])).toEqual([]);
    expect(await check([refused], [{ ...row, state: 'refused' }])).toEqual([]);
  });
});

describe('checkCancels', () => {
  const row = (state: string): OrderRow => ({
    ...{ order_id: 'o', account_id: 'a', client_order_id: 'c', symbol: 'X', side: 'buy', state },
    ...{ filled_micros: '0', revision: 1 },
  });
  const placed = call('place', { answers: [done(seen('o'))], knownMs: 5 });
  const check = (operation: Operation, state: string) =>
    rulesOf(checkCancels([placed, operation], new Map([['o', row(state)]])));

  it('finds an order that is open after its cancel, or after one of all that came later and concerns it', () => {
    const ended = 'acknowledged-cancel-ends-order';
    expect(check(call('cancel-batch', { answers: [done(seen('o'))] }), 'open')).toEqual([ended]);
    const all = { answers: [{ ...done(), requestedCount: 1 } as Answer], sentMs: 6 };
    expect(check(call('cancel-all', all), 'open')).toEqual([ended]);
    expect(check(call('cancel-all', { ...all, body: { symbol: 'X', side: 'SIDE_BUY' } }), 'open')).toEqual([ended]);
    expect(check(call('cancel-all', { ...all, body: { symbol: 'Y' } }), 'open')).toEqual([]);
    expect(check(call('cancel-all', { ...all, body: { side: 'SIDE_SELL' } }), 'open')).toEqual([]);
    expect(check(call('cancel-all', { ...all, sentMs: 4 }), 'open')).toEqual([]);
    expect(check(call('cancel-all', all), 'cancelled')).toEqual([]);
  });

  it('finds that a repeat under the key requested another number', () => {
    const answers = [1, 2].map((requestedCount) => ({ ...done(), requestedCount }) as Answer);
    expect(check(call('cancel-all', { answers }), 'cancelled')).toEqual(['answers-agree']);
  });
});

describe('checkLists', () => {
  const legs = (type: string, filled: number[], states: string[] = []) =>
    filled.map((lots, index) => ({
      ...{ list_id: 'l', list_type: type, list_index: index, order_id: `${index}`, state: states[index] ?? 'filled' },
      filled_micros: String(lots * 1_000_000),
    }));
  const oco = call('place-list', {
    body: { orders: [{ terms: { quantity: '5' } }] },
    answers: [done(seen('0', { listId: 'l' }), seen('1', { listId: 'l' }))],
  });
  const check = async (rows: object[]) => rulesOf(await checkLists(storesOf({ order: rows }), [oco]));

  it('finds exits that traded more than their entry, or than an OCO was placed with', async () => {
    expect(await check(legs('bracket', [5, 3, 3]))).toEqual(['exits-trade-once']);
    expect(await check(legs('bracket', [5, 3, 2]))).toEqual([]);
    expect(await check(legs('oco', [5, 1]))).toEqual(['exits-trade-once']);
    expect(await check(legs('oco', [4, 1]))).toEqual([]);
  });

  it('finds a list of which a part is missing, or was refused', async () => {
    expect(await check(legs('bracket', [5, 3]))).toEqual(['list-is-whole']);
    expect(await check(legs('oco', [0, 0], ['rejected', 'open']))).toEqual(['list-is-whole']);
    expect(await check(legs('oco', [0, 0], ['rejected', 'rejected']))).toEqual([]);
  });
});

describe('compareHolds', () => {
  const order = (order_id: string, list_id: string | null = null) => ({
    ...{ order_id, state: 'open', open_lots: '5', list_id, is_exit: list_id !== null },
  });
  const hold = (order_id: string, amount: string, more = {}) => ({
    ...{ order_id, side: 'sell', amount, open_lots: '5', coming: '0', lot_micros: '10' },
    ...more,
  });
  const check = async (orders: object[], holds: object[]) =>
    rulesOf(await compareHolds(storesOf({ order: orders, ledger: holds })));
  const rule = 'open-order-has-its-hold';

  it('finds a hold that is missing, left over, of other lots, of other shares, or waiting for lots', async () => {
    expect(await check([order('o')], [])).toEqual([rule]);
    expect(await check([], [hold('o', '50')])).toEqual([rule]);
    expect(await check([order('o')], [hold('o', '50', { open_lots: '4' })])).toEqual([rule]);
    expect(await check([order('o')], [hold('o', '40')])).toEqual([rule]);
    expect(await check([order('o')], [hold('o', '50', { coming: '1' })])).toEqual([rule]);
    expect(await check([order('o')], [hold('o', '50')])).toEqual([]);
  });

  it('lets the exits of a list share one, and finds two', async () => {
    const exits = [order('one', 'l'), order('two', 'l')];
    expect(await check(exits, [hold('one', '50'), hold('two', '0')])).toEqual([]);
    expect(await check(exits, [hold('one', '50'), hold('two', '50')])).toEqual([rule]);
  });
});

describe('checkNothingHeld', () => {
  it('names what is left', async () => {
    const left = { subject: 'account a USD', detail: 'holds 1' };
    expect(rulesOf(await checkNothingHeld(storesOf({ order: [left] }), ['a']))).toEqual(['nothing-is-open']);
    expect(new Set(rulesOf(await checkNothingHeld(storesOf({ ledger: [left] }), ['a'])))).toEqual(
      new Set(['nothing-is-held']),
    );
    expect(await checkNothingHeld(storesOf({}), ['a'])).toEqual([]);
  });
});
