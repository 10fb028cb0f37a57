/** The first answer to a key is that of every repeat: what has changed meanwhile, of the market or of the account, refuses no repeat. */
import { create, type MessageInitShape, toJson } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Order, OrderSchema, OrderStatus } from '#gen/outcry/order/v1/order_pb.ts';
import { TradingState } from '#gen/outcry/trading/v1/trading_pb.ts';
import { AccountState } from '#gen/outcry/user/v1/conditions_pb.ts';
import { AccountConditionsSchema } from '#gen/outcry/user/v1/internal_pb.ts';
import { fromStatus, reasonName, toOutcryError } from '#platform/errors/details.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { fromTradingConditions } from '../rpc/messages/trading-conditions-message.ts';
import { saveTradingConditions } from '../store/save-trading-conditions.ts';
import { usualConditions } from '../testing/fake-market.ts';
import { limitTerms, marketTerms } from '../testing/terms.ts';
import { openTestSystem, type Replica, type TestSystem } from '../testing/test-system.ts';

type Terms = ReturnType<typeof limitTerms>;
type Owner = Awaited<ReturnType<TestSystem['newUser']>>;
type Limits = NonNullable<Parameters<typeof usualConditions>[1]>;

let system: TestSystem;
let replica: Replica;
let version = 1n;

beforeAll(async () => {
  system = await openTestSystem();
  replica = await system.startReplica();
});
afterAll(() => system[Symbol.asyncDispose]());

/** Each way in which an order is created, with its answer. */
const ways: Record<string, (owner: Owner, clientOrderId: string, terms: Terms) => Promise<Order | undefined>> = {
  PlaceOrder: async ({ userToken }, clientOrderId, terms) =>
    (await replica.orders.placeOrder({ clientOrderId, terms }, { userToken })).order,
  PlaceOrderFor: async ({ userId }, clientOrderId, terms) => {
    await using auto = replica.internalFor('auto');
    return (await auto.placeOrderFor({ accountId: userId, clientOrderId, terms })).order;
  },
  PlaceOrders: async ({ userToken }, clientOrderId, terms) => {
    await using gateway = replica.internalFor('gateway');
    const items = [{ order: { clientOrderId, terms }, userToken, remainingMs: 5_000 }];
    for await (const { results } of gateway.placeOrders({ items })) {
      const outcome = results[0]?.outcome;
      if (outcome?.case === 'refusal') throw fromStatus(outcome.value);
      return outcome?.value?.order;
    }
    throw new Error('no result came');
  },
};

/** The order, or the refusal with its numbers. */
async function answerOf(way: string, owner: Owner, clientOrderId: string, terms: Terms): Promise<object> {
  try {
    const order = await ways[way]?.(owner, clientOrderId, terms);
    return { order: toJson(OrderSchema, order ?? create(OrderSchema)) };
  } catch (error) {
    const { code, reason, metadata } = toOutcryError(error);
    return { code, reason: reasonName(reason), metadata };
  }
}

/** Sets the conditions of an account as an event of the user service does. */
async function setConditions({ userId }: Owner, limits: Limits): Promise<void> {
  version += 1n;
  const message: MessageInitShape<typeof AccountConditionsSchema> = usualConditions(userId, { ...limits, version });
  await saveTradingConditions(replica.deps.db, [fromTradingConditions(create(AccountConditionsSchema, message))]);
  await eventually(async () => expect((await replica.deps.tradingConditions.find(userId))?.version).toBe(version));
}

async function setPrices(prices: { askTicks?: bigint; bidTicks?: bigint; lastTicks?: bigint; halted?: boolean }) {
  const { halted = false, ...ticks } = prices;
  system.market.setPrices({ symbol: 'ACME', state: halted ? TradingState.HALTED : TradingState.CONTINUOUS, ...ticks });
  const instrument = await replica.deps.instruments.find('ACME');
  if (instrument === undefined) throw new Error('the market has no ACME');
  await eventually(async () => {
    const known = await replica.deps.quotes.pricesOf(instrument);
    expect([known.askTicks, known.halted]).toEqual([ticks.askTicks, halted]);
  });
}

const usualPrices = { bidTicks: 9_900n, askTicks: 10_000n, lastTicks: 9_950n };
const dearPrices = { bidTicks: 29_900n, askTicks: 30_000n, lastTicks: 29_950n };
const byAmount = (value: string) => marketTerms('buy', '', { size: { case: 'amount', value } });
const limit = limitTerms('buy', '2', '90');

type Moment = {
  name: string;
  terms: Terms;
  before?: Limits | 'dear' | 'halted';
  after: Limits | 'dear' | 'halted' | 'usual';
};

const moments: Moment[] = [
  { name: 'placed by amount, and the price rises beyond it', terms: byAmount('110.00'), after: 'dear' },
  {
    name: 'refused as its amount buys nothing, and the price falls',
    terms: byAmount('110.00'),
    before: 'dear',
    after: 'usual',
  },
  { name: 'placed at the market, which halts', terms: marketTerms('buy', '1'), after: 'halted' },
  { name: 'refused in a halt, which ends', terms: marketTerms('buy', '1'), before: 'halted', after: 'usual' },
  { name: 'placed, and the account is frozen', terms: limit, after: { state: AccountState.FROZEN } },
  {
    name: 'refused for a frozen account, which is freed',
    terms: limit,
    before: { state: AccountState.FROZEN },
    after: {},
  },
  { name: 'placed, and the account is closed', terms: limit, after: { state: AccountState.CLOSED } },
  {
    name: 'placed at the market, which is then not permitted',
    terms: marketTerms('buy', '1'),
    after: { marketOrdersPermitted: false },
  },
  {
    name: 'refused as not permitted, and then permitted',
    terms: marketTerms('buy', '1'),
    before: { marketOrdersPermitted: false },
    after: {},
  },
  { name: 'placed, and its value is over a new limit', terms: limit, after: { orderNotionalMax: '1.00' } },
  {
    name: 'refused over the limit of an order, which is raised',
    terms: limit,
    before: { orderNotionalMax: '1.00' },
    after: {},
  },
  { name: 'placed, and all open orders are over a new limit', terms: limit, after: { openNotionalMax: '1.00' } },
  {
    name: 'refused over the limit of open orders, which is raised',
    terms: limit,
    before: { openNotionalMax: '1.00' },
    after: {},
  },
  { name: 'placed, and no more open orders are allowed', terms: limit, after: { openOrdersMax: 0 } },
  { name: 'refused for too many open orders, and then allowed', terms: limit, before: { openOrdersMax: 0 }, after: {} },
  { name: 'placed, and no more orders a second are allowed', terms: limit, after: { ordersPerSecondMax: 0 } },
  {
    name: 'beyond every value at the market, which falls',
    terms: marketTerms('buy', '2000000000'),
    before: 'dear',
    after: {},
  },
];

async function moveTo(owner: Owner, moment: Moment['after']): Promise<void> {
  if (moment === 'dear') await setPrices(dearPrices);
  else if (moment === 'halted') await setPrices({ ...usualPrices, halted: true });
  else {
    await setPrices(usualPrices);
    await setConditions(owner, moment === 'usual' ? {} : moment);
  }
}

describe.each(Object.keys(ways))('a key repeated by %s', (way) => {
  it.each(moments)('has the answer of the first call: $name', async ({ terms, before = {}, after }) => {
    const owner = await system.newUser();
    await moveTo(owner, before);
    const first = await answerOf(way, owner, 'k', terms);
    expect(first).not.toHaveProperty('reason', 'INVALID_FIELD');
    await moveTo(owner, after);
    expect(await answerOf(way, owner, 'k', terms)).toEqual(first);
  });
});

describe('an order by amount that was filled', () => {
  it('is answered as filled once the price has risen beyond its amount', async () => {
    const [seller, buyer] = [await system.newUser(), await system.newUser()];
    await moveTo(buyer, 'usual');
    await replica.orders.placeOrder({ clientOrderId: 's', terms: limitTerms('sell', '3', '100') }, seller);
    const request = { clientOrderId: 'k', terms: byAmount('110.00') };
    const { order: first } = await replica.orders.placeOrder(request, buyer);
    expect(first).toMatchObject({ status: OrderStatus.FILLED, filledQuantity: '1' });
    await setPrices(dearPrices);
    const { order: repeat } = await replica.orders.placeOrder(request, buyer);
    expect(repeat).toEqual(first);
  });
});
