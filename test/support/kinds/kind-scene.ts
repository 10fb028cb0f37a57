/** A book for one life of an order, its owner, and two others who move the market. */
import { randomUUID } from 'node:crypto';
import type { DescMethod, JsonObject } from '@bufbuild/protobuf';
import { expect } from 'vitest';
import { eventually } from '#platform/testing/eventually.ts';
import { type Investor, limitTerms, placeOrder, registerInvestor } from '../investor.ts';
import { issueShares, openBook, setConditions } from '../market.ts';
import { type Refusal, refusalOf } from '../refusal.ts';
import type { SystemCaller } from '../system-caller.ts';
import type { TestClient } from '../test-client.ts';
import { expectHeld, type KindOrder, readOrder, readStart, type Start } from './exact-hold.ts';

/** The side of the order whose life is shown. */
export type Side = 'BUY' | 'SELL';

/** What all scenes share. */
export type KindWorld = {
  client: TestClient;
  admin: Investor;
  caller: SystemCaller;
  methods: ReadonlyMap<string, DescMethod>;
  /** They trade with the orders that are shown, and with each other. */
  others: readonly [Investor, Investor];
};

/** Terms without symbol and side. */
export type KindTerms = JsonObject & { type: string };

const patience = { timeoutMs: 30_000 };
const opposite = { BUY: 'SELL', SELL: 'BUY' } as const;

/** Registers the others, who have enough for every scene. */
export async function openWorld(given: Omit<KindWorld, 'others'>): Promise<KindWorld> {
  const others = await Promise.all([
    registerInvestor(given.client, '100000000.00'),
    registerInvestor(given.client, '100000000.00'),
  ]);
  for (const other of others) {
    await setConditions(given.admin, other, { ordersPerSecondMax: 1_000, openNotionalMax: '', orderNotionalMax: '' });
  }
  return { ...given, others: [others[0], others[1]] };
}

/** A scene: prices are those of a buy, and mirrored at 100.00 for a sell. */
export class KindScene {
  readonly symbol: string;
  readonly side: Side;
  readonly owner: Investor;
  readonly #world: KindWorld;
  #start: Start;
  #orderIds: string[] = [];

  private constructor(world: KindWorld, given: { symbol: string; side: Side; owner: Investor; start: Start }) {
    this.#world = world;
    this.symbol = given.symbol;
    this.side = given.side;
    this.owner = given.owner;
    this.#start = given.start;
  }

  /** A new book, and an owner with 100,000.00 in cash and 100 shares. */
  static async open(world: KindWorld, side: Side): Promise<KindScene> {
    const [symbol, owner] = await Promise.all([openBook(world.admin), registerInvestor(world.client)]);
    for (const person of [owner, ...world.others]) await issueShares(world.admin, person, symbol, '100');
    await setConditions(world.admin, owner, { ordersPerSecondMax: 1_000, openNotionalMax: '', orderNotionalMax: '' });
    return new KindScene(world, { symbol, side, owner, start: await readStart(owner, symbol) });
  }

  /** A price so much worse for the owner than 100.00. */
  price(worse: number): string {
    return (this.side === 'BUY' ? 100 + worse : 100 - worse).toFixed(2);
  }

  /** The terms of the owner's order of ten shares, but for what is stated. */
  terms(terms: KindTerms): JsonObject {
    const size: JsonObject = 'amount' in terms ? {} : { quantity: '10' };
    return { symbol: this.symbol, side: `SIDE_${this.side}`, ...size, ...terms };
  }

  /** Places the owner's order, which a preview takes too, and which is as stated then. */
  async place(terms: KindTerms, expected: JsonObject): Promise<string> {
    const request = { terms: this.terms(terms) };
    // The order service's copy of prices, which a market order depends on, is a little behind the books.
    const preview = await eventually(async () => {
      const answer = await this.owner.call('OrderService/PreviewOrder', request);
      expect(answer.refusal).toBeUndefined();
      return answer;
    });
    const key = { clientOrderId: randomUUID() };
    const { order } = (await this.owner.call('OrderService/PlaceOrder', { ...key, ...request })) as {
      order: KindOrder;
    };
    this.#orderIds.push(order.orderId);
    expect(order.limitPrice).toBe(terms.slide ? expected.limitPrice : preview.limitPrice);
    await this.expectOrder(order.orderId, expected);
    return order.orderId;
  }

  /** The refusal of the owner's order, which a preview has as well. */
  async refused(terms: KindTerms): Promise<Refusal> {
    const request = { terms: this.terms(terms) };
    const { refusal } = (await this.owner.call('OrderService/PreviewOrder', request)) as {
      refusal?: { reason: string };
    };
    const clientOrderId = randomUUID();
    const refused = await refusalOf(this.owner.call('OrderService/PlaceOrder', { clientOrderId, ...request }));
    expect(refusal?.reason).toBe(`ERROR_REASON_${refused.reason}`);
    await expectHeld(this.owner, this.#start, this.#orderIds);
    return refused;
  }

  /** Waits until the order is as stated, and all that it and the owner's other orders hold, paid and got is right. */
  async expectOrder(orderId: string, expected: JsonObject): Promise<KindOrder> {
    const order = await eventually(async () => {
      const read = await readOrder(this.owner, orderId);
      expect({ ...read, waiting: read.waiting ?? false }).toMatchObject({ waiting: false, ...expected });
      return read;
    }, patience);
    await expectHeld(this.owner, this.#start, this.#orderIds);
    return order;
  }

  /** Begins with what the owner has now. What went before was compared, and nothing of it is open. */
  async beginAgain(): Promise<void> {
    this.#start = await readStart(this.owner, this.symbol);
    this.#orderIds = [];
  }

  /** Another person's order of the other side, at a price as seen by the owner. */
  async offer(worse: number, quantity: number, from = 0): Promise<void> {
    await this.#orderOf(from, opposite[this.side], worse, quantity);
  }

  /** Another person's order of the owner's side, so much better for the market than 100.00. */
  async bid(better: number, quantity: number): Promise<void> {
    await this.#orderOf(1, this.side, -better, quantity);
  }

  /** One share trades between the others, at a price as seen by the owner. */
  async trade(worse: number): Promise<void> {
    await this.#orderOf(0, 'SELL', worse, 1);
    await this.#orderOf(1, 'BUY', worse, 1);
  }

  /** Brings the book into a trading state. */
  async state(state: string): Promise<void> {
    const method = this.#world.methods.get('exchange.v1.ExchangeService/SetTradingState');
    if (method === undefined) throw new Error('the contract has no SetTradingState');
    const request = { commandId: randomUUID(), symbol: this.symbol, state: `TRADING_STATE_${state}` };
    const outcome = await this.#world.caller.call(method, request);
    expect(outcome).toMatchObject({ answer: { result: { outcome: 'COMMAND_OUTCOME_ACCEPTED' } } });
  }

  async cancel(orderId: string): Promise<void> {
    await this.owner.call('OrderService/CancelOrder', { orderId });
  }

  async #orderOf(index: number, side: Side, worse: number, quantity: number): Promise<void> {
    const other = this.#world.others[index];
    if (other === undefined) throw new Error('there is no such other');
    await placeOrder(other, limitTerms(side, this.symbol, String(quantity), this.price(worse)));
  }
}
