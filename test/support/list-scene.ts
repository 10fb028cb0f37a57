/** A book for the life of a list, its owner, and others who trade with it; what the owner has is compared to the last millionth. */
import type { JsonObject } from '@bufbuild/protobuf';
import { expect } from 'vitest';
import { parseDecimal } from '#platform/money/decimal.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { balancesOf, type Investor, limitTerms, placeOrder, registerInvestor } from './investor.ts';
import { listOf } from './lists.ts';
import { issueShares, openBook, setConditions } from './market.ts';
import type { TestClient } from './test-client.ts';

/** An order of the list as JSON. */
export type LegJson = {
  orderId: string;
  clientOrderId: string;
  status: string;
  quantity: string;
  filledQuantity: string;
  limitPrice: string;
  waiting?: boolean;
  cancelReason?: string;
  listId: string;
  listIndex?: number;
};

// Also where the order service was killed, and starts again on a busy machine.
const patience = { timeoutMs: 30_000 };
const million = 1_000_000n;
const micros = (text: string | undefined) => parseDecimal(text || '0', 6);

/** The scene. */
export class ListScene {
  readonly symbol: string;
  readonly owner: Investor;
  readonly #others: readonly Investor[];
  readonly #start: { cash: bigint; shares: bigint };
  readonly #orderIds: string[] = [];

  private constructor(given: {
    symbol: string;
    owner: Investor;
    others: readonly Investor[];
    start: { cash: bigint; shares: bigint };
  }) {
    this.symbol = given.symbol;
    this.owner = given.owner;
    this.#others = given.others;
    this.#start = given.start;
  }

  /** A new book at 100.00; everyone has 100,000.00 in cash and 100 shares. */
  static async open(client: TestClient, admin: Investor): Promise<ListScene> {
    const symbol = await openBook(admin);
    const people = await Promise.all([1, 2, 3].map(() => registerInvestor(client, '100000.00')));
    for (const person of people) {
      await issueShares(admin, person, symbol, '100');
      await setConditions(admin, person, { ordersPerSecondMax: 1_000 });
    }
    const [owner, ...others] = people as [Investor, ...Investor[]];
    const { cash, sharesOf } = await balancesOf(owner);
    const start = { cash: micros(cash?.total), shares: micros(sharesOf(symbol)?.total) };
    return new ListScene({ symbol, owner, others, start });
  }

  /** Places a list, which a preview takes too; its request and its orders. */
  async place(type: string, terms: JsonObject[]): Promise<{ request: JsonObject; listId: string; legs: LegJson[] }> {
    const orders = terms.map((each) => ({ symbol: this.symbol, quantity: '10', ...each }));
    // The order service's copy of prices, which a market order depends on, is a little behind the books.
    await eventually(async () => {
      const { refusal } = await this.owner.call('OrderService/PreviewOrderList', { type, orders });
      expect(refusal).toBeUndefined();
    });
    const request = listOf(this.symbol, type, orders);
    const { listId, legs } = await this.send(request);
    for (const { orderId } of legs) this.#orderIds.push(orderId);
    return { request, listId, legs };
  }

  /** Calls PlaceOrderList. */
  async send(request: JsonObject): Promise<{ listId: string; legs: LegJson[] }> {
    const answer = await this.owner.call('OrderService/PlaceOrderList', request);
    const { listId, orders: legs } = answer as { listId: string; orders: LegJson[] };
    return { listId, legs };
  }

  /** Another person's limit order. */
  async other(side: 'BUY' | 'SELL', quantity: number, price: string, from = 0): Promise<void> {
    await placeOrder(this.#others[from] as Investor, limitTerms(side, this.symbol, String(quantity), price));
  }

  /** One share trades between the others. */
  async trade(price: string): Promise<void> {
    await this.other('SELL', 1, price, 0);
    await this.other('BUY', 1, price, 1);
  }

  /** The orders of the list once they are as stated, and what the owner has and holds is right. */
  async become(listId: string, expected: JsonObject[], held: { cash?: string; shares?: string }): Promise<LegJson[]> {
    const legs = await eventually(async () => {
      const { orders } = (await this.owner.call('OrderService/GetOrderList', { listId })) as { orders: LegJson[] };
      expect(orders).toMatchObject(expected);
      return orders;
    }, patience);
    await this.expectOwned(held);
    return legs;
  }

  /** Cash and shares are those of the start and of all fills since, to the last millionth, and so much of them is held. */
  async expectOwned({ cash = '0', shares = '0' }: { cash?: string; shares?: string }): Promise<void> {
    await eventually(async () => {
      const owned = { ...this.#start };
      for (const orderId of this.#orderIds) await this.#addFills(owned, orderId);
      const { cash: money, sharesOf } = await balancesOf(this.owner);
      const position = sharesOf(this.symbol);
      expect({
        cash: micros(money?.total),
        heldCash: micros(money?.held),
        shares: micros(position?.total),
        heldShares: micros(position?.held),
      }).toEqual({ ...owned, heldCash: micros(cash), heldShares: micros(shares) });
    }, patience);
  }

  async #addFills(owned: { cash: bigint; shares: bigint }, orderId: string): Promise<void> {
    const { fills = [] } = (await this.owner.call('OrderService/ListFills', { orderId, pageSize: 200 })) as {
      fills?: { side: string; quantity: string; price: string; fee: string }[];
    };
    for (const { side, quantity, price, fee } of fills) {
      const sign = side === 'SIDE_BUY' ? 1n : -1n;
      owned.shares += sign * micros(quantity);
      owned.cash -= (sign * micros(quantity) * micros(price)) / million + micros(fee);
    }
  }
}

/** The terms of an order of a list. */
export const limit = (side: string, limitPrice: string): JsonObject => ({
  side: `SIDE_${side}`,
  type: 'ORDER_TYPE_LIMIT',
  limitPrice,
});

/** A stop, by its stop price. */
export const stop = (side: string, stopPrice: string): JsonObject => ({
  side: `SIDE_${side}`,
  type: 'ORDER_TYPE_STOP',
  stopPrice,
});

/** A stop that follows the market. */
export const trail = (side: string, trailAmount: string): JsonObject => ({
  side: `SIDE_${side}`,
  type: 'ORDER_TYPE_TRAILING_STOP',
  trailAmount,
});

/** An order in a state, as `become` takes it. */
export const leg = (status: string, more: JsonObject = {}): JsonObject => ({
  status: `ORDER_STATUS_${status}`,
  ...more,
});

/** An order that ended with its list. */
export const ofList = (more: JsonObject = {}): JsonObject =>
  leg('CANCELLED', { cancelReason: 'ORDER_CANCEL_REASON_LIST', ...more });
