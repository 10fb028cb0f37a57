import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { AccountState } from '#gen/outcry/user/v1/conditions_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { activeAccount } from '../testing/fake-peers.ts';
import { type LedgerFixture, startFixture } from '../testing/fixture.ts';

let fixture: LedgerFixture;

beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture?.[Symbol.asyncDispose]());

async function cashOf(userToken: string) {
  const { cash } = await fixture.clients.ledger.getBalances({}, { userToken });
  return cash;
}

async function countEvents(accountId: string): Promise<number> {
  const { rows } = await fixture.db.query<{ reference: string }>(
    `SELECT reference FROM entry JOIN posting USING (sequence) WHERE account_id = $1 AND entry.kind = 'cash'`,
    [accountId],
  );
  return rows.length;
}

describe('deposit', () => {
  it('books one deposit for fifty equal calls at once, and answers each the same', async () => {
    const { accountId, userToken } = await fixture.person();
    const call = () => fixture.clients.ledger.deposit({ idempotencyKey: 'same', amount: '12.50' }, { userToken });
    const answers = await Promise.all(Array.from({ length: 50 }, call));
    const ids = new Set(answers.map(({ transfer }) => transfer?.transferId));
    expect(ids.size).toBe(1);
    expect(await cashOf(userToken)).toMatchObject({ total: '12.50', available: '12.50', held: '0.00' });
    expect(await countEvents(accountId)).toBe(1);
  });

  it('knows 1.0 and 1.00 as one body, and refuses another amount or direction under the key', async () => {
    const { userToken } = await fixture.person();
    const { ledger } = fixture.clients;
    await ledger.deposit({ idempotencyKey: 'key', amount: '1.0' }, { userToken });
    await ledger.deposit({ idempotencyKey: 'key', amount: '1.00', currency: 'USD' }, { userToken });
    const reused = { code: Code.ALREADY_EXISTS, reason: ErrorReason.KEY_REUSED };
    await expect(ledger.deposit({ idempotencyKey: 'key', amount: '2' }, { userToken })).rejects.toMatchObject(reused);
    await expect(ledger.withdraw({ idempotencyKey: 'key', amount: '1' }, { userToken })).rejects.toMatchObject(reused);
    expect((await cashOf(userToken))?.total).toBe('1.00');
  });

  it.each(['0', '-1', '1e400', 'NaN', '0.001', '1000000000.01', ''])('refuses the amount %j', async (amount) => {
    const { userToken } = await fixture.person();
    const call = fixture.clients.ledger.deposit({ idempotencyKey: 'key', amount }, { userToken });
    await expect(call).rejects.toMatchObject({
      code: Code.INVALID_ARGUMENT,
      violations: [{ field: 'amount' }],
    });
  });

  it('refuses more than the limit of the account with both numbers, also when repeated under another limit', async () => {
    const { accountId, userToken } = await fixture.person();
    fixture.peers.accounts.set(accountId, { ...activeAccount(accountId), conditions: { transferAmountMax: '10' } });
    const call = () => fixture.clients.ledger.deposit({ idempotencyKey: 'big', amount: '10.01' }, { userToken });
    const refused = { reason: ErrorReason.AMOUNT_OVER_LIMIT, metadata: { amount: '10.01', limit: '10.00' } };
    await expect(call()).rejects.toMatchObject({ code: Code.FAILED_PRECONDITION, ...refused });
    await fixture.db.query('UPDATE account SET transfer_max_micros = NULL WHERE account_id = $1', [accountId]);
    await expect(call()).rejects.toMatchObject(refused);
  });

  it('refuses a frozen account, and one that the user service does not know', async () => {
    const { accountId, userToken } = await fixture.person();
    fixture.peers.accounts.set(accountId, { ...activeAccount(accountId), state: AccountState.FROZEN });
    const request = { idempotencyKey: 'key', amount: '1' };
    const call = fixture.clients.ledger.deposit(request, { userToken });
    await expect(call).rejects.toMatchObject({ reason: ErrorReason.ACCOUNT_FROZEN });
    const stranger = await fixture.identity.userToken({ userId: uuidV7() });
    const unknown = fixture.clients.ledger.deposit(request, { userToken: stranger });
    await expect(unknown).rejects.toMatchObject({ code: Code.NOT_FOUND, reason: ErrorReason.ACCOUNT_NOT_FOUND });
  });
});
