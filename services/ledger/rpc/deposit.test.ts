import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { TransferStatus } from '#gen/outcry/ledger/v1/ledger_pb.ts';
import { AccountState } from '#gen/outcry/user/v1/conditions_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import type { PaymentOutcome } from '../clients/payment-provider.ts';
import { activeAccount } from '../testing/fake-peers.ts';
import { startWorld, type World } from '../testing/fixture.ts';

let world: World;
let outcome: PaymentOutcome | 'broken' = 'completed';
const provider = {
  pay: async () => {
    if (outcome === 'broken') throw new Error('no answer');
    return outcome;
  },
};

beforeAll(async () => {
  world = await startWorld({ provider });
});
afterAll(() => world?.[Symbol.asyncDispose]());

async function cashOf(userToken: string) {
  const { cash } = await world.clients.ledger.getBalances({}, { userToken });
  return cash;
}

async function countEvents(accountId: string): Promise<number> {
  const { rows } = await world.db.query<{ reference: string }>(
    `SELECT reference FROM entry JOIN posting USING (sequence) WHERE account_id = $1 AND entry.kind = 'cash'`,
    [accountId],
  );
  return rows.length;
}

describe('deposit', () => {
  it('books one deposit for fifty equal calls at once, and answers each the same', async () => {
    const { accountId, userToken } = await world.person();
    const call = () => world.clients.ledger.deposit({ idempotencyKey: 'same', amount: '12.50' }, { userToken });
    const answers = await Promise.all(Array.from({ length: 50 }, call));
    const ids = new Set(answers.map(({ transfer }) => transfer?.transferId));
    expect(ids.size).toBe(1);
    expect(await cashOf(userToken)).toMatchObject({ total: '12.50', available: '12.50', held: '0.00' });
    expect(await countEvents(accountId)).toBe(1);
  });

  it('knows 1.0 and 1.00 as one body, and refuses another amount or direction under the key', async () => {
    const { userToken } = await world.person();
    const { ledger } = world.clients;
    await ledger.deposit({ idempotencyKey: 'key', amount: '1.0' }, { userToken });
    await ledger.deposit({ idempotencyKey: 'key', amount: '1.00', currency: 'USD' }, { userToken });
    const reused = { code: Code.ALREADY_EXISTS, reason: ErrorReason.KEY_REUSED };
    await expect(ledger.deposit({ idempotencyKey: 'key', amount: '2' }, { userToken })).rejects.toMatchObject(reused);
    await expect(ledger.withdraw({ idempotencyKey: 'key', amount: '1' }, { userToken })).rejects.toMatchObject(reused);
    expect((await cashOf(userToken))?.total).toBe('1.00');
  });

  it.each(['0', '-1', '1e400', 'NaN', '0.001', '1000000000.01', ''])('refuses the amount %j', async (amount) => {
    const { userToken } = await world.person();
    const call = world.clients.ledger.deposit({ idempotencyKey: 'key', amount }, { userToken });
    await expect(call).rejects.toMatchObject({
      code: Code.INVALID_ARGUMENT,
      violations: [{ field: 'amount' }],
    });
  });

  it('refuses more than the limit of the account with both numbers, also when asked again under another limit', async () => {
    const { accountId, userToken } = await world.person();
    world.peers.accounts.set(accountId, { ...activeAccount(accountId), conditions: { transferAmountMax: '10' } });
    const call = () => world.clients.ledger.deposit({ idempotencyKey: 'big', amount: '10.01' }, { userToken });
    const refused = { reason: ErrorReason.AMOUNT_OVER_LIMIT, metadata: { amount: '10.01', limit: '10.00' } };
    await expect(call()).rejects.toMatchObject({ code: Code.FAILED_PRECONDITION, ...refused });
    await world.db.query('UPDATE account SET transfer_max_cents = NULL WHERE account_id = $1', [accountId]);
    await expect(call()).rejects.toMatchObject(refused);
  });

  it('refuses a frozen account, and one that the user service does not know', async () => {
    const { accountId, userToken } = await world.person();
    world.peers.accounts.set(accountId, { ...activeAccount(accountId), state: AccountState.FROZEN });
    const request = { idempotencyKey: 'key', amount: '1' };
    const call = world.clients.ledger.deposit(request, { userToken });
    await expect(call).rejects.toMatchObject({ reason: ErrorReason.ACCOUNT_FROZEN });
    const stranger = await world.identity.userToken({ userId: uuidV7() });
    const unknown = world.clients.ledger.deposit(request, { userToken: stranger });
    await expect(unknown).rejects.toMatchObject({ code: Code.NOT_FOUND, reason: ErrorReason.ACCOUNT_NOT_FOUND });
  });
});

describe('withdraw', () => {
  it('takes out what is available and refuses the next cent with its numbers', async () => {
    const { userToken } = await world.person({ cash: '20' });
    await world.clients.ledger.withdraw({ idempotencyKey: 'out', amount: '20' }, { userToken });
    const more = world.clients.ledger.withdraw({ idempotencyKey: 'more', amount: '0.01' }, { userToken });
    await expect(more).rejects.toMatchObject({
      reason: ErrorReason.CASH_INSUFFICIENT,
      metadata: { needed: '0.01', available: '0.00', held: '0.00', currency: 'USD' },
    });
  });

  it('never pays out twice what is there once, however many ask at the same time', async () => {
    const { userToken } = await world.person({ cash: '10' });
    const calls = Array.from({ length: 20 }, (_, index) =>
      world.clients.ledger.withdraw({ idempotencyKey: `out-${index}`, amount: '3' }, { userToken }),
    );
    const settled = await Promise.allSettled(calls);
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    expect((await cashOf(userToken))?.total).toBe('1.00');
  });

  it('sets the amount aside while the provider is silent, and concludes it when it speaks', async () => {
    const { userToken } = await world.person({ cash: '10' });
    outcome = 'broken';
    const request = { idempotencyKey: 'slow', amount: '4' };
    const { transfer } = await world.clients.ledger.withdraw(request, { userToken });
    expect(transfer?.status).toBe(TransferStatus.PENDING);
    expect(await cashOf(userToken)).toMatchObject({ available: '6.00', held: '4.00' });
    outcome = 'completed';
    const replica = await world.startReplica({ provider });
    await replica.deps.transfers.resume(0, new AbortController().signal);
    const { transfer: later } = await world.clients.ledger.getTransfer({ idempotencyKey: 'slow' }, { userToken });
    expect(later?.status).toBe(TransferStatus.COMPLETED);
    expect(await cashOf(userToken)).toMatchObject({ total: '6.00', held: '0.00' });
  });

  it('gives back what the provider refuses to pay', async () => {
    const { userToken } = await world.person({ cash: '10' });
    outcome = 'failed';
    const { transfer } = await world.clients.ledger.withdraw({ idempotencyKey: 'no', amount: '4' }, { userToken });
    outcome = 'completed';
    expect(transfer?.status).toBe(TransferStatus.FAILED);
    expect(await cashOf(userToken)).toMatchObject({ available: '10.00', held: '0.00' });
  });
});
