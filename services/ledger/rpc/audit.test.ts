import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Code } from '#platform/errors/code.ts';
import { type LedgerFixture, startFixture } from '../testing/fixture.ts';

let fixture: LedgerFixture;

beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture?.[Symbol.asyncDispose]());

describe('Audit', () => {
  it('answers with the verdict of the audit service', async () => {
    const finding = {
      rule: 'balance-equals-postings',
      subject: 'ledger balance x/USD',
      expected: '1.00',
      found: '1.01',
    };
    const assets = [{ asset: 'USD', issued: '1.00', owned: '1.01', held: '0.00' }];
    fixture.peers.verdict = {
      verdict: {
        findingsCount: 3,
        assets,
        ledgerSequence: 7n,
        exchangePositions: { 0: 5n },
        checked: { accounts: 2n },
      },
      findings: [finding],
    };
    const answer = await fixture.clients.admin.audit({ findingsMax: 1 }, { userToken: fixture.adminToken });
    expect(answer).toMatchObject({
      clean: false,
      assets,
      findings: [finding],
      findingsCount: 3,
      exchangePositions: { 0: 5n },
      ledgerSequence: 7n,
      accountsChecked: 2n,
    });
    expect(fixture.peers.findingsRequested).toBe(1);
  });

  it('fails, rather than being clean, when the audit service cannot be reached', async () => {
    fixture.peers.verdict = undefined;
    const answer = fixture.clients.admin.audit({}, { userToken: fixture.adminToken, timeoutMs: 3_000 });
    await expect(answer).rejects.toMatchObject({ code: Code.UNAVAILABLE });
  });
});
