import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { type AuditedWorld, rulesOf, startAuditedWorld } from '../testing/audited-fixture.ts';
import { holdItem } from '../testing/orders.ts';

let world: AuditedWorld;

beforeAll(async () => {
  world = await startAuditedWorld();
});
afterAll(() => world?.[Symbol.asyncDispose]());
beforeEach(() => world.mendPeers());

describe('audit of orders and positions', () => {
  it('names a hold that no order explains', async () => {
    world.peers.openOrders = world.peers.openOrders.slice(1);
    const report = await world.audit();
    expect(report.findings).toMatchObject([{ rule: 'hold-has-its-order', found: 'none' }]);
    expect(report.findings[0]?.subject).toContain(world.bid.orderId);
  });

  it('lets a passing order explain a hold or do without, and tells how old it is', async () => {
    const passing = { passing: true, ageMs: 1_234n };
    world.peers.openOrders = [
      ...world.peers.openOrders.slice(1),
      { ...world.bid, ...passing },
      { ...holdItem({ accountId: world.buyer.accountId }), ...passing, ageMs: 10n },
    ];
    const report = await world.audit();
    expect(report.findings).toEqual([]);
    expect(report).toMatchObject({ ordersPassing: 2n, oldestPassingMs: 1_234n });
  });

  it('names an open order without a hold, and one with other fills than were settled', async () => {
    const without = { ...holdItem({ accountId: world.buyer.accountId }), passing: false };
    const [bought = {}, sold = {}] = world.peers.openOrders;
    world.peers.openOrders = [without, { ...bought, filledLots: 5n, takerValueCents: 500n }, sold];
    const report = await world.audit();
    expect(rulesOf(report)).toEqual(['open-order-has-its-hold']);
    expect(report.findings.map(({ subject }) => subject)).toEqual([
      `order ${without.orderId}`,
      `order ${world.bid.orderId}`,
    ]);
  });

  it('names each position that the portfolio service tells otherwise, missing and invented ones too', async () => {
    const stranger = uuidV7();
    world.peers.owned = async () => {
      const { sequence, assets } = await world.ownedByPostings();
      const changed = assets
        .filter(({ accountId, asset }) => accountId !== world.seller.accountId || asset !== 'ACME')
        .map((owned) =>
          owned.accountId === world.buyer.accountId && owned.asset === 'USD' ? { ...owned, amount: 1n } : owned,
        );
      return { sequence, assets: [...changed, { accountId: stranger, asset: 'ACME', amount: 1n }] };
    };
    const report = await world.audit();
    expect(rulesOf(report)).toEqual(['position-equals-postings']);
    const told = report.findings.map(({ subject, expected, found }) => [subject, expected, found]);
    expect(told).toEqual(
      expect.arrayContaining([
        [`account ${world.buyer.accountId} asset USD`, '995.99', '0.01'],
        [`account ${world.seller.accountId} asset ACME`, '96', '0'],
        [`account ${stranger} asset ACME`, '0', '0.000001'],
      ]),
    );
  });

  it('compares with the postings as of the position at which the portfolio service is', async () => {
    // The deposit is booked after the snapshot of the ledger and before the portfolio service answers.
    world.peers.owned = async () => {
      await world.clients.ledger.deposit({ idempotencyKey: uuidV7(), amount: '1' }, world.buyer);
      const owned = await world.ownedByPostings();
      await world.clients.ledger.deposit({ idempotencyKey: uuidV7(), amount: '1' }, world.buyer);
      return owned;
    };
    expect((await world.audit()).findings).toEqual([]);
  });

  it.each(['order', 'portfolio'])(
    'fails, rather than being clean, when the %s service cannot be asked',
    async (service) => {
      if (service === 'order') world.peers.ordersReachable = false;
      else world.peers.owned = undefined;
      await expect(world.audit()).rejects.toMatchObject({
        code: Code.UNAVAILABLE,
        reason: ErrorReason.DEPENDENCY_UNAVAILABLE,
        metadata: { service },
      });
    },
  );
});
