import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ListType, Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import { listItems, type TestLeg } from '../testing/lists.ts';
import { holdItem } from '../testing/orders.ts';
import { startTradingFixture, type TradingFixture } from '../testing/trading-fixture.ts';

let fixture: TradingFixture;

beforeAll(async () => {
  fixture = await startTradingFixture();
});
afterAll(() => fixture?.[Symbol.asyncDispose]());

describe('the hold of a list', () => {
  it.each([
    ['a leg is lacking', (legs: TestLeg[]) => legs.slice(0, 2), 'list_index'],
    [
      'one is by amount',
      (legs: TestLeg[]) => legs.map((leg) => (leg.side === Side.BUY ? { ...leg, amountMicros: 1_000_000n } : leg)),
      'amount_micros',
    ],
    ['they are not in sequence', (legs: TestLeg[]) => legs.toReversed(), 'list_index'],
    [
      'the quantities differ',
      (legs: TestLeg[]) => legs.map((leg, i) => ({ ...leg, quantityLots: BigInt(i + 1) })),
      'quantity_lots',
    ],
    [
      'the exits are of two sides',
      (legs: TestLeg[]) => legs.map((leg, i) => (i === 2 ? { ...leg, side: Side.BUY } : leg)),
      'side',
    ],
    [
      'an id comes twice',
      (legs: TestLeg[]) => legs.map((leg) => ({ ...leg, orderId: legs[0]?.orderId ?? '' })),
      'order_id',
    ],
    [
      'the type is none',
      (legs: TestLeg[]) => legs.map((leg) => ({ ...leg, listType: ListType.UNSPECIFIED })),
      'list_type',
    ],
  ])('is malformed when %s, which harms no other', async (_, change, field) => {
    const owner = await fixture.person({ cash: '1000' });
    const given = {
      accountId: owner.accountId,
      type: ListType.BRACKET,
      exitSide: Side.SELL,
      prices: [100n, 120n, 80n],
    };
    const items = [holdItem({ accountId: owner.accountId }), ...change(listItems(given))];
    const { results } = await fixture.clients.order.placeHolds({ items });
    expect(results[0]?.held).toBe(true);
    for (const result of results.slice(1)) expect(result).toMatchObject({ held: false, metadata: { field } });
  });
});
