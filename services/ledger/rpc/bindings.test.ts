import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { type LedgerFixture, startFixture } from '../testing/fixture.ts';
import { holdItem } from '../testing/orders.ts';

let fixture: LedgerFixture;

beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture?.[Symbol.asyncDispose]());

async function operator() {
  return { userToken: await fixture.identity.userToken({ roles: ['operator'] }) };
}

describe('getBalances', () => {
  it('shows zeros to a new account, its own to a person, anyone to an operator, and hides the rest', async () => {
    const [ann, bob] = [await fixture.person({ cash: '3.50' }), await fixture.person()];
    const { ledger } = fixture.clients;
    expect(await ledger.getBalances({}, bob)).toMatchObject({ accountId: bob.accountId, cash: { total: '0.00' } });
    const answer = await ledger.getBalances({ accountId: ann.accountId }, await operator());
    expect(answer.cash?.total).toBe('3.50');
    for (const accountId of [ann.accountId, 'no-id', '00000000-0000-0000-0000-000000000001']) {
      const call = ledger.getBalances({ accountId }, bob);
      await expect(call).rejects.toMatchObject({ code: Code.NOT_FOUND, reason: ErrorReason.ACCOUNT_NOT_FOUND });
    }
  });
});

describe('listStatement and listHolds', () => {
  it('page through everything once, in order, and end', async () => {
    const person = await fixture.person({ cash: '100' });
    for (let i = 1; i <= 6; i += 1) {
      await fixture.clients.ledger.deposit({ idempotencyKey: `d${i}`, amount: String(i) }, person);
    }
    const items = Array.from({ length: 7 }, () => holdItem({ accountId: person.accountId, quantityLots: 1n }));
    await fixture.clients.order.placeHolds({ items });
    const amounts: string[] = [];
    for (let pageToken = ''; ; ) {
      const page = await fixture.clients.ledger.listStatement({ pageSize: 3, pageToken }, person);
      amounts.push(...page.entries.map(({ amount }) => amount));
      pageToken = page.nextPageToken;
      if (pageToken === '') break;
    }
    expect(amounts).toEqual(['6.00', '5.00', '4.00', '3.00', '2.00', '1.00', '100.00']);
    const orderIds: string[] = [];
    for (let pageToken = ''; ; ) {
      const page = await fixture.clients.ledger.listHolds({ pageSize: 2, pageToken }, person);
      orderIds.push(...page.holds.map(({ orderId }) => orderId));
      pageToken = page.nextPageToken;
      if (pageToken === '') break;
    }
    expect(orderIds).toEqual(items.map(({ orderId }) => orderId).toSorted());
  });

  it('refuse tokens of another list, of another account, and made-up ones', async () => {
    const [ann, bob] = [await fixture.person({ cash: '1' }), await fixture.person({ cash: '1' })];
    const { ledger } = fixture.clients;
    await ledger.deposit({ idempotencyKey: 'd', amount: '1' }, ann);
    const { nextPageToken } = await ledger.listStatement({ pageSize: 1 }, ann);
    expect(nextPageToken).not.toBe('');
    const invalid = { code: Code.INVALID_ARGUMENT, reason: ErrorReason.PAGE_TOKEN_INVALID };
    await expect(ledger.listHolds({ pageToken: nextPageToken }, ann)).rejects.toMatchObject(invalid);
    await expect(ledger.listStatement({ pageToken: nextPageToken }, bob)).rejects.toMatchObject(invalid);
    for (const pageToken of ['x', '%%%', 'a'.repeat(1_000)]) {
      await expect(ledger.listStatement({ pageToken }, ann)).rejects.toMatchObject(invalid);
    }
    const tooMany = ledger.listStatement({ pageSize: 201 }, ann);
    await expect(tooMany).rejects.toMatchObject({ violations: [{ field: 'page_size' }] });
  });
});

describe('getTransfer', () => {
  it('finds a transfer by id or by its own key, and hides those of others', async () => {
    const [ann, bob] = [await fixture.person(), await fixture.person()];
    const { ledger } = fixture.clients;
    const { transfer } = await ledger.deposit({ idempotencyKey: 'mine', amount: '2' }, ann);
    const transferId = transfer?.transferId ?? '';
    expect((await ledger.getTransfer({ transferId }, ann)).transfer).toEqual(transfer);
    expect((await ledger.getTransfer({ idempotencyKey: 'mine' }, ann)).transfer).toEqual(transfer);
    expect((await ledger.getTransfer({ transferId }, await operator())).transfer).toEqual(transfer);
    const hidden = { code: Code.NOT_FOUND, reason: ErrorReason.TRANSFER_NOT_FOUND };
    await expect(ledger.getTransfer({ transferId }, bob)).rejects.toMatchObject(hidden);
    await expect(ledger.getTransfer({ transferId: 'nonsense' }, ann)).rejects.toMatchObject(hidden);
    const noKey = ledger.getTransfer({ idempotencyKey: 'mine' }, bob);
    await expect(noKey).rejects.toMatchObject({ reason: ErrorReason.KEY_NOT_FOUND });
  });
});

describe('issueShares', () => {
  it('issues once for a key, only as an admin, and only to an account that exists', async () => {
    const ann = await fixture.person();
    const { admin, ledger } = fixture.clients;
    const request = { idempotencyKey: 'issue-1', accountId: ann.accountId, symbol: 'NOVA', quantity: '2.5' };
    const asAdmin = { userToken: fixture.adminToken };
    const answers = await Promise.all(Array.from({ length: 10 }, () => admin.issueShares(request, asAdmin)));
    expect(new Set(answers.map(({ sequence }) => sequence)).size).toBe(1);
    expect((await ledger.getBalances({}, ann)).shares).toMatchObject([{ asset: 'NOVA', total: '2.5' }]);
    const other = admin.issueShares({ ...request, quantity: '3' }, asAdmin);
    await expect(other).rejects.toMatchObject({ reason: ErrorReason.KEY_REUSED });
    await expect(admin.issueShares(request, ann)).rejects.toMatchObject({ code: Code.PERMISSION_DENIED });
    const unknown = admin.issueShares({ ...request, idempotencyKey: 'issue-2', accountId: uuidV7() }, asAdmin);
    await expect(unknown).rejects.toMatchObject({ reason: ErrorReason.ACCOUNT_NOT_FOUND });
    for (const symbol of ['USD', 'lower', '', 'TOO-LONG-TO-BE']) {
      const call = admin.issueShares({ ...request, idempotencyKey: 'issue-3', symbol }, asAdmin);
      await expect(call).rejects.toMatchObject({ violations: [{ field: 'symbol' }] });
    }
  });
});

describe('fundHouseAccount', () => {
  it('gives a house account cash and shares once, seen in its statement, and no other account', async () => {
    const [house, ann] = [await fixture.person({ house: true }), await fixture.person()];
    const { simulator, ledger } = fixture.clients;
    const request = {
      idempotencyKey: uuidV7(),
      accountId: house.accountId,
      cash: '1000',
      shares: { ACME: '5', NOVA: '1' },
    };
    await Promise.all([simulator.fundHouseAccount(request), simulator.fundHouseAccount(request)]);
    const { cash, shares } = await ledger.getBalances({}, house);
    expect([cash?.total, ...shares.map(({ total }) => total)]).toEqual(['1000.00', '5', '1']);
    expect((await ledger.listStatement({}, house)).entries).toHaveLength(3);
    const stranger = simulator.fundHouseAccount({ ...request, idempotencyKey: 'x', accountId: ann.accountId });
    await expect(stranger).rejects.toMatchObject({ reason: ErrorReason.ACCOUNT_NOT_FOUND });
    const wrongCaller = fixture.clients.order.fundHouseAccount(request);
    await expect(wrongCaller).rejects.toMatchObject({ reason: ErrorReason.SERVICE_NOT_ALLOWED });
  });
});
