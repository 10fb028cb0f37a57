import { timestampMs } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import type { Fill } from '#gen/outcry/order/v1/order_pb.ts';
import { Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { limitTerms } from '../testing/terms.ts';
import { openTestSystem, type Replica, type TestSystem } from '../testing/test-system.ts';

type Owner = Awaited<ReturnType<TestSystem['newUser']>>;
type Request = Parameters<Replica['orders']['listFills']>[0];

let system: TestSystem;
let replica: Replica;
let maker: Owner;
let trades = 0;

beforeAll(async () => {
  system = await openTestSystem();
  replica = await system.startReplica();
  maker = await system.newUser();
});
afterAll(() => system[Symbol.asyncDispose]());

/** A trade of the owner, at a price of its own. */
async function trade(owner: Owner, side: 'buy' | 'sell', symbol = 'ACME'): Promise<void> {
  trades += 1;
  const price = String(20 + trades);
  const other = side === 'buy' ? 'sell' : 'buy';
  const key = (who: string) => `${who}${trades}`;
  await replica.orders.placeOrder({ clientOrderId: key('m'), terms: limitTerms(other, '1', price, { symbol }) }, maker);
  await replica.orders.placeOrder({ clientOrderId: key('t'), terms: limitTerms(side, '1', price, { symbol }) }, owner);
}

async function walk(owner: Owner, request: Request, between: () => Promise<unknown> = async () => {}): Promise<Fill[]> {
  const fills: Fill[] = [];
  for (let pageToken = ''; ; ) {
    const page = await replica.orders.listFills({ ...request, pageToken }, owner);
    fills.push(...page.fills);
    pageToken = page.nextPageToken;
    if (pageToken === '') return fills;
    await between();
  }
}

async function trader(): Promise<Owner> {
  const owner = await system.newUser();
  await trade(owner, 'buy');
  await trade(owner, 'sell');
  await trade(owner, 'buy', 'FRAC');
  await eventually(async () => expect(await walk(owner, {})).toHaveLength(3));
  return owner;
}

describe('ListFills', () => {
  it('filters by symbol, side and time, in either sequence', async () => {
    const owner = await trader();
    const oldest = await walk(owner, { oldestFirst: true });
    expect(await walk(owner, {})).toEqual(oldest.toReversed());
    const [first, second, third] = oldest;
    expect(await walk(owner, { symbol: 'FRAC' })).toEqual([third]);
    expect(await walk(owner, { side: Side.SELL })).toEqual([second]);
    expect(await walk(owner, { symbol: 'ACME', side: Side.BUY })).toEqual([first]);
    expect(await walk(owner, { orderId: second?.orderId ?? '', oldestFirst: true })).toEqual([second]);
    const timeMs = (fill: Fill | undefined) => (fill?.time ? timestampMs(fill.time) : 0);
    const from = await walk(owner, { fromTime: second?.time, oldestFirst: true });
    expect(from).toEqual(oldest.filter((fill) => timeMs(fill) >= timeMs(second)));
    const until = await walk(owner, { untilTime: third?.time });
    expect(until).toEqual(oldest.filter((fill) => timeMs(fill) < timeMs(third)).toReversed());
  });

  it('refuses a token with other filters', async () => {
    const owner = await trader();
    const { nextPageToken: pageToken } = await replica.orders.listFills({ pageSize: 1 }, owner);
    const changes: Request[] = [
      { symbol: 'ACME' },
      { side: Side.BUY },
      { oldestFirst: true },
      { untilTime: { seconds: 1n } },
    ];
    for (const change of changes) {
      const call = replica.orders.listFills({ pageToken, ...change }, owner);
      await expect(call).rejects.toMatchObject({ reason: ErrorReason.PAGE_TOKEN_INVALID });
    }
  });

  it.each([[false], [true]])('has each fill on one page while others come (oldest first: %s)', async (oldestFirst) => {
    const owner = await trader();
    const before = await walk(owner, { oldestFirst });
    const found = await walk(owner, { pageSize: 1, oldestFirst }, async () => {
      if (trades < 60) await trade(owner, 'buy');
    });
    const ids = before.map(({ tradeId }) => tradeId);
    expect(found.map(({ tradeId }) => tradeId).filter((tradeId) => ids.includes(tradeId))).toEqual(ids);
  });
});
