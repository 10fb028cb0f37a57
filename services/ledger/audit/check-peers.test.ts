import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { type AuditedFixture, rulesOf, startAuditedFixture } from '../testing/audited-fixture.ts';
import { holdItem } from '../testing/orders.ts';

let fixture: AuditedFixture;

beforeAll(async () => {
  fixture = await startAuditedFixture();
});
afterAll(() => fixture?.[Symbol.asyncDispose]());
beforeEach(() => fixture.repairPeers());

describe('audit of orders and positions', () => {
  it('names a hold that no order explains', async () => {
    fixture.peers.openOrders = fixture.peers.openOrders.slice(1);
    const report = await fixture.audit();
    expect(report.findings).toMatchObject([{ rule: 'hold-has-its-order', found: 'none' }]);
    expect(report.findings[0]?.subject).toContain(fixture.bid.orderId);
  });

  it('accepts a pending order with or without a hold, and reports its age', async () => {
    const pending = { passing: true, ageMs: 1_234n };
    fixture.peers.openOrders = [
      ...fixture.peers.openOrders.slice(1),
      { ...fixture.bid, ...pending },
      { ...holdItem({ accountId: fixture.buyer.accountId }), ...pending, ageMs: 10n },
    ];
    const report = await fixture.audit();
    expect(report.findings).toEqual([]);
    expect(report).toMatchObject({ ordersPassing: 2n, oldestPassingMs: 1_234n });
  });

  it('names an open order without a hold, and one with other fills than were settled', async () => {
    const without = { ...holdItem({ accountId: fixture.buyer.accountId }), passing: false };
    const [bought = {}, sold = {}] = fixture.peers.openOrders;
    fixture.peers.openOrders = [without, { ...bought, filledLots: 5n, takerValueCents: 500n }, sold];
    const report = await fixture.audit();
    expect(rulesOf(report)).toEqual(['open-order-has-its-hold']);
    expect(report.findings.map(({ subject }) => subject)).toEqual([
      `order ${without.orderId}`,
      `order ${fixture.bid.orderId}`,
    ]);
  });

  it('names each position that the portfolio service has otherwise, missing and invented ones too', async () => {
    const stranger = uuidV7();
    fixture.peers.owned = async () => {
      const { sequence, assets } = await fixture.ownedByPostings();
      const changed = assets
        .filter(({ accountId, asset }) => accountId !== fixture.seller.accountId || asset !== 'ACME')
        .map((owned) =>
          owned.accountId === fixture.buyer.accountId && owned.asset === 'USD' ? { ...owned, amount: 1n } : owned,
        );
      return { sequence, assets: [...changed, { accountId: stranger, asset: 'ACME', amount: 1n }] };
    };
    const report = await fixture.audit();
    expect(rulesOf(report)).toEqual(['position-equals-postings']);
    const differences = report.findings.map(({ subject, expected, found }) => [subject, expected, found]);
    expect(differences).toEqual(
      expect.arrayContaining([
        [`account ${fixture.buyer.accountId} asset USD`, '995.99', '0.01'],
        [`account ${fixture.seller.accountId} asset ACME`, '96', '0'],
        [`account ${stranger} asset ACME`, '0', '0.000001'],
      ]),
    );
  });

  it('compares with the postings as of the position at which the portfolio service is', async () => {
    // The deposit is booked after the snapshot of the ledger and before the portfolio service answers.
    fixture.peers.owned = async () => {
      await fixture.clients.ledger.deposit({ idempotencyKey: uuidV7(), amount: '1' }, fixture.buyer);
      const owned = await fixture.ownedByPostings();
      await fixture.clients.ledger.deposit({ idempotencyKey: uuidV7(), amount: '1' }, fixture.buyer);
      return owned;
    };
    expect((await fixture.audit()).findings).toEqual([]);
  });

  it.each(['order', 'portfolio'])(
    'fails, rather than being clean, when the %s service cannot be reached',
    async (service) => {
      if (service === 'order') fixture.peers.ordersReachable = false;
      else fixture.peers.owned = undefined;
      await expect(fixture.audit()).rejects.toMatchObject({
        code: Code.UNAVAILABLE,
        reason: ErrorReason.DEPENDENCY_UNAVAILABLE,
        metadata: { service },
      });
    },
  );
});
