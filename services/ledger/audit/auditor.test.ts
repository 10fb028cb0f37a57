import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import type { AuditResponse } from '#gen/outcry/ledger/v1/ledger_pb.ts';
import { Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { eventually } from '../testing/eventually.ts';
import { holdItem, type TestHold, traded } from '../testing/orders.ts';
import { startWorld, type TestPerson, type World } from '../testing/world.ts';

let world: World;
let buyer: TestPerson;
let seller: TestPerson;
let bid: TestHold;
let ask: TestHold;

beforeAll(async () => {
  world = await startWorld();
  buyer = await world.person({ cash: '1000' });
  seller = await world.person({ cash: '5', shares: { ACME: '100' } });
  bid = holdItem({ accountId: buyer.accountId });
  ask = holdItem({ accountId: seller.accountId, side: Side.SELL });
  await world.clients.order.placeHolds({ items: [bid, ask] });
  const part = { lots: 4n, priceTicks: 100n, makerLeft: 6n, takerLeft: 6n };
  world.peers.append('ACME', traded({ tradeId: '0-1', maker: ask, taker: bid, ...part }));
  await eventually(async () => {
    const { cash } = await world.clients.ledger.getBalances({}, buyer);
    expect(cash?.total).toBe('995.99');
  });
});
afterAll(() => world?.[Symbol.asyncDispose]());

beforeEach(() => {
  const filled = { filledLots: 4n, passing: false, ageMs: 5n };
  world.peers.openOrders = [
    { ...bid, ...filled, makerValueCents: 0n, takerValueCents: 400n },
    { ...ask, ...filled, makerValueCents: 400n, takerValueCents: 0n },
  ];
  world.peers.ordersReachable = true;
  world.peers.owned = ownedByPostings;
});

/** What a portfolio service that has followed the feed to its head would say. */
async function ownedByPostings() {
  const { rows } = await world.db.query<{ accountId: string; asset: string; amount: bigint; head: bigint }>(
    `SELECT account_id AS "accountId", asset, sum(amount)::bigint AS amount, (SELECT sequence FROM platform.feed_head WHERE name = 'ledger') AS head
     FROM posting WHERE account_id = ANY($1::uuid[]) GROUP BY 1, 2`,
    [[buyer.accountId, seller.accountId]],
  );
  return {
    sequence: rows[0]?.head ?? 0n,
    assets: rows.map(({ accountId, asset, amount }) => ({ accountId, asset, amount })),
  };
}

function runAudit(findingsMax = 0): Promise<AuditResponse> {
  return world.clients.admin.audit({ findingsMax }, { userToken: world.adminToken });
}

/** Breaks something by a statement, audits, and mends it by another. */
async function auditBroken(breakIt: string, mendIt: string, values: unknown[]): Promise<AuditResponse> {
  await world.db.query(breakIt, values);
  const report = await runAudit();
  await world.db.query(mendIt, values);
  expect(report.clean).toBe(false);
  return report;
}

const rulesOf = ({ findings }: AuditResponse) => [...new Set(findings.map(({ rule }) => rule))].toSorted();

describe('audit', () => {
  it('is clean, proves each asset, and asks the order service as of the position that it has settled', async () => {
    const report = await runAudit();
    expect(report.findings).toEqual([]);
    expect(report).toMatchObject({ clean: true, holdsChecked: 2n, positionsChecked: 4n, ordersPassing: 0n });
    expect(report.assets).toMatchObject([
      { asset: 'ACME', issued: '100', owned: '100', held: '6' },
      { asset: 'USD', issued: '1005.00', owned: '1005.00', held: '6.01' },
    ]);
    expect(report.exchangePositions).toEqual({ 0: 1n });
    expect(world.peers.askedPositions.at(-1)).toEqual({ 0: 1n });
  });

  it('counts a pending withdrawal as held', async () => {
    const values = [buyer.accountId, uuidV7()];
    await world.db.query(
      `WITH t AS (INSERT INTO transfer VALUES ($2, $1, 'withdrawal', 7, 'pending', 'k', now()))
       UPDATE balance SET available = available - 7, held = held + 7 WHERE account_id = $1 AND asset = 'USD'`,
      values,
    );
    expect((await runAudit()).findings).toEqual([]);
    await world.db.query(
      `WITH t AS (DELETE FROM transfer WHERE transfer_id = $2)
       UPDATE balance SET available = available + 7, held = held - 7 WHERE account_id = $1 AND asset = 'USD'`,
      values,
    );
  });

  it('names a balance that its postings do not explain, with what should be there', async () => {
    const report = await auditBroken(
      `UPDATE balance SET available = available + 1 WHERE account_id = $1 AND asset = 'USD'`,
      `UPDATE balance SET available = available - 1 WHERE account_id = $1 AND asset = 'USD'`,
      [buyer.accountId],
    );
    expect(report.findings).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          rule: 'balance-equals-postings',
          subject: `account ${buyer.accountId} asset USD`,
          expected: '995.99',
          found: '996.00',
        }),
        expect.objectContaining({ rule: 'issued-equals-owned', expected: '1005.00', found: '1005.01' }),
      ]),
    );
  });

  it('names held cash that no hold explains', async () => {
    const report = await auditBroken(
      `UPDATE balance SET available = available - 1, held = held + 1 WHERE account_id = $1 AND asset = 'USD'`,
      `UPDATE balance SET available = available + 1, held = held - 1 WHERE account_id = $1 AND asset = 'USD'`,
      [buyer.accountId],
    );
    expect(report.findings).toMatchObject([{ rule: 'held-equals-holds', expected: '6.01', found: '6.02' }]);
  });

  it('names an entry that does not sum to zero, and the balance beside it', async () => {
    const report = await auditBroken(
      `UPDATE posting SET amount = amount + 5 WHERE account_id = $1 AND kind = 'deposit'`,
      `UPDATE posting SET amount = amount - 5 WHERE account_id = $1 AND kind = 'deposit'`,
      [buyer.accountId],
    );
    expect(rulesOf(report)).toContain('entry-sums-to-zero');
    expect(rulesOf(report)).toContain('balance-equals-postings');
  });

  it('names an entry that is missing', async () => {
    const report = await auditBroken(
      `UPDATE entry SET sequence = -sequence WHERE reference = $1`,
      `UPDATE entry SET sequence = -sequence WHERE reference = $1`,
      ['0-1'],
    );
    expect(rulesOf(report)).toEqual(['entries-without-gap']);
  });

  it('names a hold whose amount does not follow from its terms, and the order that it does not fit', async () => {
    const report = await auditBroken(
      `WITH b AS (UPDATE balance SET held = held + 1, available = available - 1 WHERE account_id = $2 AND asset = 'USD')
       UPDATE hold SET amount = amount + 1 WHERE order_id = $1`,
      `WITH b AS (UPDATE balance SET held = held - 1, available = available + 1 WHERE account_id = $2 AND asset = 'USD')
       UPDATE hold SET amount = amount - 1 WHERE order_id = $1`,
      [bid.orderId, buyer.accountId],
    );
    expect(report.findings).toMatchObject([
      { rule: 'hold-follows-its-terms', subject: `hold ${bid.orderId}`, expected: '6.01 USD', found: '6.02 USD' },
      { rule: 'open-order-has-its-hold', subject: `order ${bid.orderId}` },
    ]);
  });

  it('names a hold that no order explains', async () => {
    world.peers.openOrders = world.peers.openOrders.slice(1);
    const report = await runAudit();
    expect(report.findings).toMatchObject([{ rule: 'hold-has-its-order', found: 'none' }]);
    expect(report.findings[0]?.subject).toContain(bid.orderId);
  });

  it('lets a passing order explain a hold or do without, and tells how old it is', async () => {
    const passing = { passing: true, ageMs: 1_234n };
    world.peers.openOrders = [
      ...world.peers.openOrders.slice(1),
      { ...bid, ...passing },
      { ...holdItem({ accountId: buyer.accountId }), ...passing, ageMs: 10n },
    ];
    const report = await runAudit();
    expect(report.findings).toEqual([]);
    expect(report).toMatchObject({ ordersPassing: 2n, oldestPassingMs: 1_234n });
  });

  it('names an open order without a hold, and one with other fills than were settled', async () => {
    const without = { ...holdItem({ accountId: buyer.accountId }), passing: false };
    const [bought = {}, sold = {}] = world.peers.openOrders;
    world.peers.openOrders = [without, { ...bought, filledLots: 5n, takerValueCents: 500n }, sold];
    const report = await runAudit();
    expect(rulesOf(report)).toEqual(['open-order-has-its-hold']);
    expect(report.findings.map(({ subject }) => subject)).toEqual([`order ${without.orderId}`, `order ${bid.orderId}`]);
  });

  it('names each position that the portfolio service tells otherwise, missing and invented ones too', async () => {
    const stranger = uuidV7();
    world.peers.owned = async () => {
      const { sequence, assets } = await ownedByPostings();
      const changed = assets
        .filter(({ accountId, asset }) => accountId !== seller.accountId || asset !== 'ACME')
        .map((owned) =>
          owned.accountId === buyer.accountId && owned.asset === 'USD' ? { ...owned, amount: 1n } : owned,
        );
      return { sequence, assets: [...changed, { accountId: stranger, asset: 'ACME', amount: 1n }] };
    };
    const report = await runAudit();
    expect(rulesOf(report)).toEqual(['position-equals-postings']);
    const told = report.findings.map(({ subject, expected, found }) => [subject, expected, found]);
    expect(told).toEqual(
      expect.arrayContaining([
        [`account ${buyer.accountId} asset USD`, '995.99', '0.01'],
        [`account ${seller.accountId} asset ACME`, '96', '0'],
        [`account ${stranger} asset ACME`, '0', '0.000001'],
      ]),
    );
  });

  it('compares with the postings as of the position at which the portfolio service is', async () => {
    // The deposit is booked after the snapshot of the ledger and before the portfolio service answers.
    world.peers.owned = async () => {
      await world.clients.ledger.deposit({ idempotencyKey: uuidV7(), amount: '1' }, buyer);
      const owned = await ownedByPostings();
      await world.clients.ledger.deposit({ idempotencyKey: uuidV7(), amount: '1' }, buyer);
      return owned;
    };
    expect((await runAudit()).findings).toEqual([]);
  });

  it('names a shard that is halted', async () => {
    const report = await auditBroken(
      `UPDATE shard SET halt_sequence = 2, halt_cause = 'test' WHERE shard = $1`,
      `UPDATE shard SET halt_sequence = NULL, halt_cause = NULL WHERE shard = $1`,
      [0],
    );
    expect(report.findings).toMatchObject([{ rule: 'shard-not-halted', subject: 'shard 0' }]);
  });

  it('lists no more findings than asked for and counts all', async () => {
    world.peers.openOrders = [];
    world.peers.owned = async () => ({ sequence: (await ownedByPostings()).sequence, assets: [] });
    const report = await runAudit(1);
    expect(report.findings).toHaveLength(1);
    expect(report.findingsCount).toBe(6);
  });

  it.each(['order', 'portfolio'])(
    'fails, rather than being clean, when the %s service cannot be asked',
    async (service) => {
      if (service === 'order') world.peers.ordersReachable = false;
      else world.peers.owned = undefined;
      await expect(runAudit()).rejects.toMatchObject({
        code: Code.UNAVAILABLE,
        reason: ErrorReason.DEPENDENCY_UNAVAILABLE,
        metadata: { service },
      });
    },
  );
});
