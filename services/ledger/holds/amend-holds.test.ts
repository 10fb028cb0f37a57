import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import type { HoldResult } from '#gen/outcry/ledger/v1/internal_pb.ts';
import { Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import { reasonName } from '#platform/errors/details.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { checkBooks } from '../testing/check-books.ts';
import { checkHolds } from '../testing/check-holds.ts';
import { Findings } from '../testing/findings.ts';
import { cancelled, holdItem, type TestHold, traded } from '../testing/orders.ts';
import { startTradingFixture, type TradingFixture } from '../testing/trading-fixture.ts';

let fixture: TradingFixture;

beforeAll(async () => {
  fixture = await startTradingFixture();
});
afterAll(() => fixture?.[Symbol.asyncDispose]());

type Change = Parameters<TradingFixture['clients']['order']['amendHolds']>[0];
type Item = NonNullable<NonNullable<Change>['items']>[number];

const itemOf = ({ orderId, accountId }: TestHold, given: Item = {}): Item => ({
  orderId,
  accountId,
  number: 1,
  commandId: `replace:${orderId}:1`,
  quantityLots: 12n,
  priceTicks: 110n,
  ...given,
});
const amend = async (...items: Item[]): Promise<HoldResult[]> =>
  (await fixture.clients.order.amendHolds({ items })).results;

/** A person with 20.00 and a buy of ten shares at 1.00, which holds 10.02. */
async function bidOf(cash = '20') {
  const person = await fixture.person({ cash });
  const hold = holdItem({ accountId: person.accountId });
  await fixture.clients.order.placeHolds({ items: [hold] });
  const cashNow = async () => (await fixture.clients.ledger.getBalances({}, person)).cash;
  return { person, hold, cashNow };
}

const append = async (
  ...events: Parameters<TradingFixture['peers']['append']> extends [string, ...infer E] ? E : never
) => {
  fixture.peers.append('ACME', ...events);
  await fixture.settledUpTo(fixture.peers.events.length);
};
const replaced = (hold: TestHold, quantityLots: bigint, priceTicks: bigint, remainingLots = quantityLots) =>
  ({
    case: 'replaced',
    value: { orderId: hold.orderId, quantityLots, priceTicks, remainingLots, commandId: `replace:${hold.orderId}:1` },
  }) as const;

async function findings(): Promise<unknown> {
  const found = new Findings(10);
  await fixture.db.transaction(
    async (tx) => {
      await checkBooks(tx, found);
      await checkHolds(tx, found);
    },
    { isolation: 'repeatable read' },
  );
  return found.listed;
}

describe('amendHolds', () => {
  it('holds for the greater terms until the feed has the new ones', async () => {
    const { hold, cashNow } = await bidOf();
    expect(await amend(itemOf(hold))).toMatchObject([{ held: true }]);
    expect(await cashNow()).toMatchObject({ available: '6.77', held: '13.23' });
    expect(await findings()).toEqual([]);
    await append(replaced(hold, 11n, 100n));
    expect(await cashNow()).toMatchObject({ available: '8.97', held: '11.03' });
    await append(cancelled(hold, 11n));
    expect(await cashNow()).toMatchObject({ available: '20.00', held: '0.00' });
    expect(await findings()).toEqual([]);
  });

  it('pays for what trades at the old price while the change is on its way', async () => {
    const { hold, cashNow } = await bidOf('200');
    const [ask] = [holdItem({ accountId: fixture.seller.accountId, side: Side.SELL, priceTicks: 1n })];
    await fixture.clients.order.placeHolds({ items: [ask] });
    await amend(itemOf(hold, { quantityLots: 20n, priceTicks: 90n }));
    const trade = {
      tradeId: '0-amended',
      maker: hold,
      taker: ask,
      lots: 9n,
      priceTicks: 100n,
      makerLeft: 1n,
      takerLeft: 1n,
    };
    await append(traded(trade));
    await append(replaced(hold, 20n, 90n, 11n));
    // Nine at 1.00, 0.01 of fee, and eleven at 0.90 with what is left of 0.03.
    expect(await cashNow()).toMatchObject({ total: '190.99', held: '9.92' });
    expect(await findings()).toEqual([]);
    await append(cancelled(hold, 11n), cancelled(ask, 1n));
    expect((await cashNow())?.held).toBe('0.00');
  });

  it('frees what was held for a change that the exchange refused', async () => {
    const { hold, cashNow } = await bidOf();
    await amend(itemOf(hold));
    const commandId = `replace:${hold.orderId}:1`;
    await append({ case: 'commandRejected', value: { orderId: hold.orderId, commandId } });
    expect(await cashNow()).toMatchObject({ available: '9.98', held: '10.02' });
    // Its outcome is known: it must not be sent again.
    expect(await amend(itemOf(hold))).toMatchObject([{ held: false, reason: ErrorReason.HOLD_CLOSED }]);
  });

  it('decides each item by itself, and repeats what it has decided', async () => {
    const { hold, cashNow } = await bidOf();
    const dear = itemOf(hold, { priceTicks: 1_000n });
    const [poor, again] = [await amend(dear), await amend(dear)];
    expect(poor).toMatchObject([
      { held: false, reason: ErrorReason.CASH_INSUFFICIENT, metadata: { needed: '110.22', available: '9.98' } },
    ]);
    expect(again).toEqual(poor);
    const other = (await bidOf()).hold;
    const results = await amend(
      itemOf(hold),
      itemOf(hold, { number: 2, commandId: 'c2' }),
      itemOf(hold, { number: 3, commandId: 'c3' }),
      itemOf(other, { accountId: uuidV7() }),
      itemOf(holdItem({ accountId: hold.accountId })),
      itemOf(other, { quantityLots: 0n }),
      itemOf(other),
    );
    expect(results.map(({ held, reason }) => (held ? 'held' : reasonName(reason)))).toEqual([
      'KEY_REUSED',
      'held',
      'DEPENDENCY_UNAVAILABLE',
      'HOLD_CLOSED',
      'HOLD_CLOSED',
      'INVALID_FIELD',
      'held',
    ]);
    expect((await cashNow())?.held).toBe('13.23');
  });

  it('takes from a balance no more than it has when calls come at once', async () => {
    const person = await fixture.person({ cash: '50' });
    const holds = Array.from({ length: 4 }, () => holdItem({ accountId: person.accountId }));
    await fixture.clients.order.placeHolds({ items: holds });
    const calls = holds.map((hold) => amend(itemOf(hold, { quantityLots: 15n, priceTicks: 100n })));
    const results = (
      await Promise.all([...calls, fixture.clients.ledger.withdraw({ idempotencyKey: 'w', amount: '1' }, person)])
    ).flat();
    expect(results.filter((result) => 'held' in result && result.held)).toHaveLength(1);
    expect(await findings()).toEqual([]);
  });
});
