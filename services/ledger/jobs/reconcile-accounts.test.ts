import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { AccountState } from '#gen/outcry/user/v1/conditions_pb.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { activeAccount } from '../testing/fake-peers.ts';
import { type LedgerFixture, startFixture, type TestPerson } from '../testing/fixture.ts';
import { holdItem } from '../testing/orders.ts';

let fixture: LedgerFixture;

beforeAll(async () => {
  fixture = await startFixture({ reconcilePauseMs: 20 });
});
afterAll(() => fixture?.[Symbol.asyncDispose]());

async function holdReason({ accountId }: TestPerson): Promise<ErrorReason | undefined> {
  const { results } = await fixture.clients.order.placeHolds({ items: [holdItem({ accountId })] });
  return results[0]?.reason;
}

describe('reconcileAccounts', () => {
  it.each([
    [AccountState.FROZEN, ErrorReason.ACCOUNT_FROZEN],
    [AccountState.CLOSED, ErrorReason.ACCOUNT_CLOSED],
  ])('brings state %s of an account whose event was lost to holds and transfers', async (state, reason) => {
    const person = await fixture.person({ cash: '100' });
    expect(await holdReason(person)).toBe(ErrorReason.UNSPECIFIED);
    fixture.peers.accounts.set(person.accountId, { ...activeAccount(person.accountId), version: 2n, state });
    await eventually(async () => expect(await holdReason(person)).toBe(reason));
    const deposit = fixture.clients.ledger.deposit({ idempotencyKey: uuidV7(), amount: '1' }, person);
    await expect(deposit).rejects.toMatchObject({ reason });
  });

  it('brings a changed limit of transfers', async () => {
    const person = await fixture.person({ cash: '100' });
    const conditions = { transferAmountMax: '0' };
    fixture.peers.accounts.set(person.accountId, { ...activeAccount(person.accountId), version: 2n, conditions });
    await eventually(async () => {
      const deposit = fixture.clients.ledger.deposit({ idempotencyKey: uuidV7(), amount: '1' }, person);
      await expect(deposit).rejects.toMatchObject({ reason: ErrorReason.AMOUNT_OVER_LIMIT });
    });
  });

  it('never puts an older state in the place of a newer one', async () => {
    const [stale, current] = [await fixture.person({ cash: '100' }), await fixture.person({ cash: '100' })];
    await fixture.db.query(`UPDATE account SET state = 'frozen', version = 9 WHERE account_id = $1`, [stale.accountId]);
    const changed = { ...activeAccount(current.accountId), version: 2n, state: AccountState.FROZEN };
    fixture.peers.accounts.set(current.accountId, changed);
    // Once the later account of the same pass has its new state, the earlier one was compared too.
    await eventually(async () => expect(await holdReason(current)).toBe(ErrorReason.ACCOUNT_FROZEN));
    expect(await holdReason(stale)).toBe(ErrorReason.ACCOUNT_FROZEN);
  });
});
