import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { TransferStage, TransferStatus } from '#gen/outcry/ledger/v1/ledger_pb.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { type LedgerFixture, startFixture } from '../testing/fixture.ts';
import { openTestBank } from '../testing/test-bank.ts';

let fixture: LedgerFixture;
const bank = openTestBank();

beforeAll(async () => {
  fixture = await startFixture({ providers: [bank.provider] });
});
afterAll(() => fixture?.[Symbol.asyncDispose]());
afterEach(() => Object.assign(bank, { mode: 'answering', outcome: 'completed' }));

async function cashOf(userToken: string) {
  const { cash } = await fixture.clients.ledger.getBalances({}, { userToken });
  return cash;
}

describe('withdraw', () => {
  it('takes out what is available and refuses the next cent with its numbers', async () => {
    const { userToken } = await fixture.person({ cash: '20' });
    await fixture.clients.ledger.withdraw({ idempotencyKey: 'out', amount: '20' }, { userToken });
    const more = fixture.clients.ledger.withdraw({ idempotencyKey: 'more', amount: '0.01' }, { userToken });
    await expect(more).rejects.toMatchObject({
      reason: ErrorReason.CASH_INSUFFICIENT,
      metadata: { needed: '0.01', available: '0.00', held: '0.00', currency: 'USD' },
    });
  });

  it('never pays out twice what is there once, however many ask at the same time', async () => {
    const { userToken } = await fixture.person({ cash: '10' });
    const calls = Array.from({ length: 20 }, (_, index) =>
      fixture.clients.ledger.withdraw({ idempotencyKey: `out-${index}`, amount: '3' }, { userToken }),
    );
    const settled = await Promise.allSettled(calls);
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    expect((await cashOf(userToken))?.total).toBe('1.00');
  });

  it('holds the amount while the provider does not answer, and books it when it does', async () => {
    const { userToken } = await fixture.person({ cash: '10' });
    bank.mode = 'unreachable';
    const request = { idempotencyKey: 'slow', amount: '4' };
    const { transfer } = await fixture.clients.ledger.withdraw(request, { userToken });
    expect(transfer?.status).toBe(TransferStatus.PENDING);
    expect(await cashOf(userToken)).toMatchObject({ available: '6.00', held: '4.00' });
    expect(transfer?.stage).toBe(TransferStage.REQUESTED);
    bank.mode = 'answering';
    // A replica for which the pause after the failure is over.
    const later = { providers: [bank.provider], nowMs: () => Date.now() + 60_000 };
    const replica = await fixture.startReplica(later);
    await replica.deps.transfers.resume(new AbortController().signal);
    // The service's own job may have taken the transfer up before the replica did.
    await eventually(async () => {
      const { transfer: resumed } = await fixture.clients.ledger.getTransfer({ idempotencyKey: 'slow' }, { userToken });
      expect(resumed?.status).toBe(TransferStatus.COMPLETED);
    });
    expect(await cashOf(userToken)).toMatchObject({ total: '6.00', held: '0.00' });
  });

  it('releases what the provider refuses to pay', async () => {
    const { userToken } = await fixture.person({ cash: '10' });
    bank.outcome = 'refused';
    const { transfer } = await fixture.clients.ledger.withdraw({ idempotencyKey: 'no', amount: '4' }, { userToken });
    expect(transfer).toMatchObject({ status: TransferStatus.FAILED, stage: TransferStage.REFUSED });
    expect(await cashOf(userToken)).toMatchObject({ available: '10.00', held: '0.00' });
  });
});
