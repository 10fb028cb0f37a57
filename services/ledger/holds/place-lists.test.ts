import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { ListType, Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import { checkBooks } from '../testing/check-books.ts';
import { checkHolds } from '../testing/check-holds.ts';
import { Findings } from '../testing/findings.ts';
import { listItems, type TestLeg, type TestList } from '../testing/lists.ts';
import { cancelled, holdItem, traded } from '../testing/orders.ts';
import { startTradingFixture, type TradingFixture } from '../testing/trading-fixture.ts';

let fixture: TradingFixture;
let trades = 0;

beforeAll(async () => {
  fixture = await startTradingFixture();
});
afterAll(() => fixture?.[Symbol.asyncDispose]());

/** A person with so much, in decimals, and a list of theirs that is placed. */
async function place(given: Omit<TestList, 'accountId'>, owned: { cash?: string; shares?: string }) {
  const shares = owned.shares === undefined ? undefined : { ACME: owned.shares };
  const owner = await fixture.person({ cash: owned.cash, shares });
  const legs = listItems({ ...given, accountId: owner.accountId });
  const { results } = await fixture.clients.order.placeHolds({ items: legs });
  return { owner, legs, results };
}

type Owner = Awaited<ReturnType<typeof place>>['owner'];

/** `asset available/held` of the owner, as decimals; cash first. */
async function balancesOf(owner: Owner): Promise<string[]> {
  const { cash, shares } = await fixture.clients.ledger.getBalances({}, owner);
  return [cash, ...shares].flatMap((each) => (each ? `${each.asset} ${each.available}/${each.held}` : []));
}

/** Settles events, the trades of a leg against orders of the fixture's buyer and seller. */
async function settle(...events: Parameters<TradingFixture['peers']['append']>[1][]): Promise<void> {
  fixture.peers.append('ACME', ...events);
  await fixture.settledUpTo(fixture.peers.events.length);
}

async function tradeOf(leg: TestLeg, options: { lots: bigint; priceTicks: bigint; left: bigint }) {
  const { lots, priceTicks, left } = options;
  const [side, other] = leg.side === Side.BUY ? [Side.SELL, fixture.seller] : [Side.BUY, fixture.buyer];
  const taker = holdItem({ accountId: other.accountId, side, quantityLots: lots, priceTicks });
  await fixture.clients.order.placeHolds({ items: [taker] });
  trades += 1;
  return traded({ tradeId: `9-${trades}`, maker: leg, taker, lots, priceTicks, makerLeft: left, takerLeft: 0n });
}

function replaced({ orderId, accountId, priceTicks }: TestLeg, quantityLots: bigint, remainingLots: bigint) {
  return { case: 'replaced', value: { orderId, accountId, priceTicks, quantityLots, remainingLots } } as const;
}

async function holdsOf(owner: Owner) {
  const { holds } = await fixture.clients.ledger.listHolds({}, owner);
  return holds.map(({ orderId, amount, asset, listId }) => ({ orderId, held: `${amount} ${asset}`, listId }));
}

const refusedFor = (reason: ErrorReason) => expect.objectContaining({ held: false, reason });

describe('the hold of a list', () => {
  it('of two exits that sell is that of one of them, and a trade of one leaves the rest of it for both', async () => {
    const given = { type: ListType.OCO, exitSide: Side.SELL, prices: [110n, 90n] };
    const { owner, legs, results } = await place(given, { shares: '10' });
    const [high, low] = legs as [TestLeg, TestLeg];
    expect(results.map(({ held }) => held)).toEqual([true, true]);
    expect(await balancesOf(owner)).toEqual(['USD 0.00/0.00', 'ACME 0/10']);
    expect(await holdsOf(owner)).toEqual([{ orderId: high.orderId, held: '10 ACME', listId: high.listId }]);
    await settle(await tradeOf(high, { lots: 4n, priceTicks: 110n, left: 6n }), replaced(low, 6n, 6n));
    expect(await balancesOf(owner)).toEqual(['USD 4.39/0.00', 'ACME 0/6']);
    await settle(await tradeOf(low, { lots: 6n, priceTicks: 90n, left: 0n }), cancelled(high, 6n));
    expect(await balancesOf(owner)).toEqual(['USD 9.78/0.00', 'ACME 0/0']);
    expect(await holdsOf(owner)).toEqual([]);
  });

  it('takes what the entry buys at once, so that nothing else can sell it', async () => {
    const given = { type: ListType.BRACKET, exitSide: Side.SELL, prices: [100n, 120n, 80n] };
    const { owner, legs } = await place(given, { cash: '100' });
    const [entry, high, low] = legs as [TestLeg, TestLeg, TestLeg];
    expect(await balancesOf(owner)).toEqual(['USD 89.98/10.02']);
    await settle(await tradeOf(entry, { lots: 3n, priceTicks: 100n, left: 7n }));
    // The exits have not grown yet, and the shares are held for them.
    expect(await balancesOf(owner)).toEqual(['USD 89.98/7.01', 'ACME 0/3']);
    const { results } = await fixture.clients.order.placeHolds({
      items: [holdItem({ accountId: owner.accountId, side: Side.SELL, quantityLots: 1n })],
    });
    expect(results[0]?.reason).toBe(ErrorReason.SHARES_INSUFFICIENT);
    await settle(replaced(high, 3n, 3n), replaced(low, 3n, 3n));
    expect(await balancesOf(owner)).toEqual(['USD 89.98/7.01', 'ACME 0/3']);
    await settle(
      await tradeOf(high, { lots: 1n, priceTicks: 120n, left: 2n }),
      replaced(low, 2n, 2n),
      cancelled(entry, 7n),
    );
    expect(await balancesOf(owner)).toEqual(['USD 98.18/0.00', 'ACME 0/2']);
    await settle(cancelled(low, 2n), cancelled(high, 2n));
    expect(await balancesOf(owner)).toEqual(['USD 98.18/0.00', 'ACME 2/0']);
  });

  it('of exits that buy back is what they may cost beyond what the entry brings, and takes what it brings', async () => {
    const given = { type: ListType.BRACKET, exitSide: Side.BUY, prices: [100n, 90n, 110n] };
    const { owner, legs } = await place(given, { cash: '1.10', shares: '10' });
    const [entry, low, high] = legs as [TestLeg, TestLeg, TestLeg];
    // Ten lots of 0.10, a fee of 0.2 % of 21.00 in all, and a cent for each rounding: of the entry, and of the two exits.
    expect(await balancesOf(owner)).toEqual(['USD 0.028/1.072', 'ACME 0/10']);
    await settle(
      await tradeOf(entry, { lots: 10n, priceTicks: 100n, left: 0n }),
      replaced(low, 10n, 10n),
      replaced(high, 10n, 10n),
    );
    expect(await balancesOf(owner)).toEqual(['USD 0.05/11.04', 'ACME 0/0']);
    await settle(await tradeOf(high, { lots: 10n, priceTicks: 110n, left: 0n }), cancelled(low, 10n));
    expect(await balancesOf(owner)).toEqual(['USD 0.07/0.00', 'ACME 10/0']);
  });

  it('pays for the changes of its orders until the feed has their outcomes', async () => {
    const given = { type: ListType.BRACKET, exitSide: Side.BUY, prices: [100n, 90n, 110n] };
    const { owner, legs } = await place(given, { cash: '2', shares: '10' });
    const [entry, low, high] = legs as [TestLeg, TestLeg, TestLeg];
    const change = async ({ orderId, accountId }: TestLeg, number: number, priceTicks: bigint, quantityLots = 1n) => {
      const item = { orderId, accountId, number, commandId: `replace:${orderId}:${number}`, quantityLots, priceTicks };
      const { results } = await fixture.clients.order.amendHolds({ items: [item] });
      return results;
    };
    // The entry brings 0.50 less, and a fee of that less.
    expect(await change(entry, 1, 95n, 10n)).toMatchObject([{ held: true }]);
    expect(await balancesOf(owner)).toEqual(['USD 0.429/1.571', 'ACME 0/10']);
    expect(await change(high, 1, 120n)).toEqual([refusedFor(ErrorReason.CASH_INSUFFICIENT)]);
    // It becomes the dearer of the two.
    expect(await change(low, 1, 112n)).toMatchObject([{ held: true }]);
    expect(await balancesOf(owner)).toEqual(['USD 0.2286/1.7714', 'ACME 0/10']);
    await settle(await tradeOf(entry, { lots: 10n, priceTicks: 100n, left: 0n }));
    expect(await balancesOf(owner)).toEqual(['USD 0.75/11.24', 'ACME 0/0']);
    const rejected = { orderId: low.orderId, commandId: `replace:${low.orderId}:1` };
    await settle(replaced(low, 10n, 10n), replaced(high, 10n, 10n), { case: 'commandRejected', value: rejected });
    expect(await balancesOf(owner)).toEqual(['USD 0.95/11.04', 'ACME 0/0']);
    await settle(cancelled(low, 10n), cancelled(high, 10n));
    expect(await balancesOf(owner)).toEqual(['USD 11.99/0.00', 'ACME 0/0']);
  });

  it('is refused as a whole for what is lacking, and the refusal is repeated', async () => {
    const given = { type: ListType.BRACKET, exitSide: Side.SELL, prices: [100n, 120n, 80n] };
    const { owner, legs, results } = await place(given, { cash: '10.01' });
    expect(results).toEqual([1, 2, 3].map(() => refusedFor(ErrorReason.CASH_INSUFFICIENT)));
    const again = await fixture.clients.order.placeHolds({ items: legs });
    expect(again.results.map(({ metadata }) => metadata)).toEqual(results.map(({ metadata }) => metadata));
    expect(await balancesOf(owner)).toEqual(['USD 10.01/0.00']);
  });

  it('is taken once, and other terms or another list under its ids are refused', async () => {
    const given = { type: ListType.OCO, exitSide: Side.SELL, prices: [110n, 90n] };
    const { owner, legs } = await place(given, { shares: '25' });
    const repeat = await fixture.clients.order.placeHolds({ items: legs });
    expect(repeat.results.map(({ held }) => held)).toEqual([true, true]);
    expect(await balancesOf(owner)).toEqual(['USD 0.00/0.00', 'ACME 15/10']);
    const { listId } = listItems({ ...given, accountId: owner.accountId })[0] as TestLeg;
    const [first] = legs as [TestLeg, TestLeg];
    const alone = { ...first, listId: '', listType: ListType.UNSPECIFIED, listIndex: 0 };
    for (const items of [
      legs.map((leg) => ({ ...leg, priceTicks: 111n })),
      legs.map((leg) => ({ ...leg, listId })),
      [alone],
    ]) {
      const { results } = await fixture.clients.order.placeHolds({ items });
      expect(results.map(({ reason }) => reason)).toEqual(items.map(() => ErrorReason.KEY_REUSED));
    }
  });

  it('is released leg by leg when it was voided, and never taken once one of its ids is closed', async () => {
    const given = { type: ListType.BRACKET, exitSide: Side.BUY, prices: [100n, 90n, 110n] };
    const { owner, legs } = await place(given, { cash: '5', shares: '10' });
    for (const { orderId } of legs) await fixture.clients.order.releaseHolds({ orderIds: [orderId] });
    expect(await balancesOf(owner)).toEqual(['USD 5.00/0.00', 'ACME 10/0']);
    const late = listItems({ ...given, accountId: owner.accountId });
    await fixture.clients.order.releaseHolds({ orderIds: [late[2]?.orderId ?? ''] });
    const { results } = await fixture.clients.order.placeHolds({ items: late });
    expect(results).toEqual(late.map(() => refusedFor(ErrorReason.HOLD_CLOSED)));
  });

  it('stays when it was voided after it has traded', async () => {
    const given = { type: ListType.OTO, exitSide: Side.SELL, prices: [100n, 120n] };
    const { owner, legs } = await place(given, { cash: '100' });
    await settle(await tradeOf(legs[0] as TestLeg, { lots: 3n, priceTicks: 100n, left: 7n }));
    await fixture.clients.order.releaseHolds({ orderIds: legs.map(({ orderId }) => orderId) });
    expect(await balancesOf(owner)).toEqual(['USD 89.98/7.01', 'ACME 0/3']);
  });

  it('counts for a position limit what it may bring in once', async () => {
    const owner = await fixture.person({ cash: '1000' });
    const limit = { positionLimitMicros: 15_000_000n };
    const oco = listItems(
      { accountId: owner.accountId, type: ListType.OCO, exitSide: Side.BUY, prices: [90n, 110n] },
      limit,
    );
    const buy = (quantityLots: bigint) => holdItem({ accountId: owner.accountId, quantityLots, ...limit });
    const { results } = await fixture.clients.order.placeHolds({ items: [...oco, buy(5n), buy(1n)] });
    expect(results.map(({ held }) => held)).toEqual([true, true, true, false]);
  });

  it('is previewed by the decision that takes it, and nothing is held', async () => {
    const owner = await fixture.person({ cash: '10.02' });
    const given = { accountId: owner.accountId, type: ListType.BRACKET, exitSide: Side.SELL };
    const preview = async (price: bigint) => {
      const { result } = await fixture.clients.order.previewHold({
        list: listItems({ ...given, prices: [price, 120n, 80n] }),
      });
      return result?.held === true ? 'held' : result?.reason;
    };
    expect(await preview(100n)).toBe('held');
    expect(await preview(101n)).toBe(ErrorReason.CASH_INSUFFICIENT);
    expect(await balancesOf(owner)).toEqual(['USD 10.02/0.00']);
  });

  it('leaves books in which every balance is explained', async () => {
    const findings = new Findings(10);
    await fixture.db.transaction(
      async (tx) => {
        await checkBooks(tx, findings);
        await checkHolds(tx, findings);
      },
      { isolation: 'repeatable read' },
    );
    expect(findings.listed).toEqual([]);
  });
});
