import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AuditResponse } from '#gen/outcry/ledger/v1/ledger_pb.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { type AuditedFixture, rulesOf, startAuditedFixture } from '../testing/audited-fixture.ts';

let fixture: AuditedFixture;

beforeAll(async () => {
  fixture = await startAuditedFixture();
});
afterAll(() => fixture?.[Symbol.asyncDispose]());
beforeEach(() => fixture.repairPeers());

/** Breaks something by a statement, audits, and repairs it by another. */
async function auditBroken(breakIt: string, repairIt: string, values: unknown[]): Promise<AuditResponse> {
  await fixture.db.query(breakIt, values);
  const report = await fixture.audit();
  await fixture.db.query(repairIt, values);
  expect(report.clean).toBe(false);
  return report;
}

describe('audit of the ledger itself', () => {
  it('is clean, proves each asset, and reads the orders as of the position that is settled', async () => {
    const report = await fixture.audit();
    expect(report.findings).toEqual([]);
    expect(report).toMatchObject({ clean: true, holdsChecked: 2n, positionsChecked: 4n, ordersPassing: 0n });
    expect(report.assets).toMatchObject([
      { asset: 'ACME', issued: '100', owned: '100', held: '6' },
      { asset: 'USD', issued: '1005.00', owned: '1005.00', held: '6.01' },
    ]);
    expect(report.exchangePositions).toEqual({ 0: 1n });
    expect(fixture.peers.askedPositions.at(-1)).toEqual({ 0: 1n });
  });

  it('counts a pending withdrawal as held', async () => {
    const values = [fixture.buyer.accountId, uuidV7()];
    await fixture.db.query(
      `WITH t AS (INSERT INTO transfer VALUES ($2, $1, 'withdrawal', 7, 'pending', 'k', now()))
       UPDATE balance SET available = available - 7, held = held + 7 WHERE account_id = $1 AND asset = 'USD'`,
      values,
    );
    expect((await fixture.audit()).findings).toEqual([]);
    await fixture.db.query(
      `WITH t AS (DELETE FROM transfer WHERE transfer_id = $2)
       UPDATE balance SET available = available + 7, held = held - 7 WHERE account_id = $1 AND asset = 'USD'`,
      values,
    );
  });

  it('names a balance that its postings do not explain, with what should be there', async () => {
    const report = await auditBroken(
      `UPDATE balance SET available = available + 1 WHERE account_id = $1 AND asset = 'USD'`,
      `UPDATE balance SET available = available - 1 WHERE account_id = $1 AND asset = 'USD'`,
      [fixture.buyer.accountId],
    );
    expect(report.findings).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          rule: 'balance-equals-postings',
          subject: `account ${fixture.buyer.accountId} asset USD`,
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
      [fixture.buyer.accountId],
    );
    expect(report.findings).toMatchObject([{ rule: 'held-equals-holds', expected: '6.01', found: '6.02' }]);
  });

  it('names an entry that does not sum to zero, and the balance beside it', async () => {
    const report = await auditBroken(
      `UPDATE posting SET amount = amount + 5 WHERE account_id = $1 AND kind = 'deposit'`,
      `UPDATE posting SET amount = amount - 5 WHERE account_id = $1 AND kind = 'deposit'`,
      [fixture.buyer.accountId],
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
      [fixture.bid.orderId, fixture.buyer.accountId],
    );
    expect(report.findings).toMatchObject([
      {
        rule: 'hold-follows-its-terms',
        subject: `hold ${fixture.bid.orderId}`,
        expected: '6.01 USD',
        found: '6.02 USD',
      },
      { rule: 'open-order-has-its-hold', subject: `order ${fixture.bid.orderId}` },
    ]);
  });

  it('names a shard that is halted', async () => {
    const report = await auditBroken(
      `UPDATE platform.feed_position SET halt_sequence = 2, halt_cause = 'test' WHERE name = $1`,
      `UPDATE platform.feed_position SET halt_sequence = NULL, halt_cause = NULL WHERE name = $1`,
      ['exchange.0'],
    );
    expect(report.findings).toEqual([
      expect.objectContaining({ rule: 'shard-not-halted', subject: 'shard 0', found: 'halted before event 2: test' }),
    ]);
  });

  it('lists no more findings than requested and counts all', async () => {
    fixture.peers.openOrders = [];
    fixture.peers.owned = async () => ({ sequence: (await fixture.ownedByPostings()).sequence, assets: [] });
    const report = await fixture.audit(1);
    expect(report.findings).toHaveLength(1);
    expect(report.findingsCount).toBe(6);
  });
});
