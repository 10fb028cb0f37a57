import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { type Adjustment, EntryKind, ExportedTable } from '#gen/outcry/ledger/v1/ledger_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { correctionAccount } from '../domain/asset.ts';
import { checkBooks, proveAssets } from '../testing/check-books.ts';
import { Findings } from '../testing/findings.ts';
import { type LedgerFixture, startFixture, type TestPerson } from '../testing/fixture.ts';

let fixture: LedgerFixture;
const adminId = uuidV7();
let admin: { userToken: string };

beforeAll(async () => {
  fixture = await startFixture();
  admin = { userToken: await fixture.identity.userToken({ userId: adminId, roles: ['admin'] }) };
});
afterAll(() => fixture?.[Symbol.asyncDispose]());

type Request = Parameters<LedgerFixture['clients']['admin']['adjustAccount']>[0];

function adjust({ accountId }: TestPerson, request: Request, caller = admin) {
  const terms = { idempotencyKey: uuidV7(), accountId, asset: 'USD', reason: 'a fee was taken twice' };
  return fixture.clients.admin.adjustAccount({ ...terms, ...request }, caller);
}

const balanceOf = async (accountId: string, asset: string) => {
  const { rows } = await fixture.db.query<{ available: bigint }>(
    'SELECT available FROM balance WHERE account_id = $1 AND asset = $2',
    [accountId, asset],
  );
  return rows[0]?.available ?? 0n;
};

describe('adjustAccount', () => {
  it('books cash and shares against the correction account, with reason and administrator, and the books agree', async () => {
    const ann = await fixture.person({ cash: '10', shares: { NOVA: '5' } });
    const { entries: before } = await fixture.clients.ledger.listStatement({ kinds: [EntryKind.DEPOSIT] }, ann);
    const reference = before[0]?.reference ?? '';
    const { adjustment } = await adjust(ann, { amount: '1.234567', reference, reason: ' a fee was taken twice ' });
    expect(adjustment).toMatchObject({
      ...{ accountId: ann.accountId, asset: 'USD', amount: '1.234567', cost: '0.00' },
      ...{ reason: 'a fee was taken twice', reference, adjustedBy: adminId },
    });
    await adjust(ann, { asset: 'NOVA', amount: '-2' });
    await adjust(ann, { asset: 'NOVA', amount: '0.5', cost: '40' });
    const { cash, shares } = await fixture.clients.ledger.getBalances({}, ann);
    expect([cash?.available, shares[0]?.available]).toEqual(['11.234567', '3.5']);
    const { entries } = await fixture.clients.ledger.listStatement({ kinds: [EntryKind.ADJUSTMENT] }, ann);
    expect(entries.map(({ asset, amount }) => `${amount} ${asset}`)).toEqual(['0.5 NOVA', '-2 NOVA', '1.234567 USD']);
    expect(entries[2]).toMatchObject({ reference: adjustment?.adjustmentId, reason: 'a fee was taken twice' });
    expect(await balanceOf(correctionAccount, 'NOVA')).toBe(1_500_000n);
    const findings = new Findings(10);
    await checkBooks(fixture.db, findings);
    await proveAssets(fixture.db, findings);
    expect(findings.listed).toEqual([]);
  });

  it('has one effect and one answer under a key, also where answers are lost, and refuses another body', async () => {
    const ann = await fixture.person({ cash: '10' });
    const request = { idempotencyKey: uuidV7(), amount: '-4' };
    const answers = await Promise.all(Array.from({ length: 10 }, () => adjust(ann, request)));
    expect(new Set(answers.map(({ adjustment }) => adjustment?.adjustmentId)).size).toBe(1);
    expect((await fixture.clients.ledger.getBalances({}, ann)).cash?.available).toBe('6.00');
    for (const other of [{ amount: '-5' }, { reason: 'another' }, { asset: 'NOVA' }]) {
      const call = adjust(ann, { ...request, ...other });
      await expect(call).rejects.toMatchObject({ reason: ErrorReason.KEY_REUSED });
    }
    const { rows } = await fixture.db.query(
      `SELECT count(*)::int AS count FROM platform.outbox WHERE key = $1
      AND type LIKE '%AdjustmentCompleted'`,
      [ann.accountId],
    );
    expect(rows).toEqual([{ count: 1 }]);
    const refused = { idempotencyKey: uuidV7(), amount: '-7' };
    const numbers = { needed: '7.00', available: '6.00', held: '0.00' };
    for (const _ of ['once', 'again']) {
      await expect(adjust(ann, refused)).rejects.toMatchObject({
        reason: ErrorReason.CASH_INSUFFICIENT,
        metadata: numbers,
      });
    }
    await adjust(ann, { amount: '5' });
    await expect(adjust(ann, refused)).rejects.toMatchObject({ metadata: numbers });
  });

  it('never takes what an order holds, however many ask at once', async () => {
    const ann = await fixture.person({ shares: { NOVA: '5' } });
    const outcomes = await Promise.allSettled(
      Array.from({ length: 8 }, () => adjust(ann, { asset: 'NOVA', amount: '-2' })),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
    expect(await balanceOf(ann.accountId, 'NOVA')).toBe(1_000_000n);
  });

  it('is for administrators, who cannot correct their own accounts', async () => {
    const ann = await fixture.person({ cash: '10' });
    const operator = { userToken: await fixture.identity.userToken({ roles: ['operator'] }) };
    for (const caller of [ann, operator]) {
      await expect(adjust(ann, { amount: '1' }, caller)).rejects.toMatchObject({ code: Code.PERMISSION_DENIED });
    }
    const own = adjust({ ...ann, accountId: adminId }, { amount: '1' });
    await expect(own).rejects.toMatchObject({ violations: [{ field: 'account_id' }] });
    for (const accountId of [correctionAccount, uuidV7()]) {
      const call = adjust({ ...ann, accountId }, { amount: '1' });
      await expect(call).rejects.toMatchObject({ reason: ErrorReason.ACCOUNT_NOT_FOUND });
    }
  });

  it.each<[string, Request]>([
    ['amount', { amount: '0' }],
    ['amount', { amount: '0.0000001' }],
    ['amount', { amount: '1000000.000001' }],
    ['amount', { amount: '1e3' }],
    ['reason', { reason: ' ' }],
    ['reason', { reason: 'x'.repeat(201) }],
    ['reason', { reason: 'two\nlines' }],
    ['reference', { reference: 'no such movement' }],
    ['reference', { reference: '0-999' }],
    ['asset', { asset: 'NEVERISSUED' }],
    ['asset', { asset: 'EUR.' }],
    ['cost', { cost: '1' }],
    ['cost', { asset: 'NOVA', amount: '-1', cost: '1' }],
    ['cost', { asset: 'NOVA', cost: '-1' }],
    ['idempotency_key', { idempotencyKey: '' }],
  ])('refuses a wrong %s: %o', async (field, request) => {
    const ann = await fixture.person({ cash: '10', shares: { NOVA: '5' } });
    await expect(adjust(ann, { amount: '1', ...request })).rejects.toMatchObject({ violations: [{ field }] });
    expect((await fixture.clients.ledger.getBalances({}, ann)).cash?.total).toBe('10.00');
  });

  it('writes the reason into the CSV of the statement, where a spreadsheet computes nothing of it', async () => {
    const ann = await fixture.person({ cash: '10' });
    await adjust(ann, { amount: '-1', reason: '=1+1' });
    let csv = '';
    const request = { accountId: ann.accountId, table: ExportedTable.STATEMENT };
    for await (const part of fixture.clients.ledger.exportTable(request, ann)) csv += part.csv;
    const [header, line] = csv.split('\r\n');
    expect(header).toMatch(/"order_id","reason"$/);
    expect(line).toMatch(/"adjustment","USD",-1.00,"[0-9a-f-]{36}","","'=1\+1"$/);
  });
});

describe('pages of ListAdjustments', () => {
  it('has each once, newest first, of one account or of all, while others come', async () => {
    const [ann, bob] = [await fixture.person({ cash: '10' }), await fixture.person({ cash: '10' })];
    for (const amount of ['1', '2', '3', '4']) await adjust(ann, { amount });
    await adjust(bob, { amount: '9' });
    const walk = async (accountId: string) => {
      const found: Adjustment[] = [];
      for (let pageToken = ''; ; ) {
        const request = { accountId, pageSize: 2, pageToken };
        const page = await fixture.clients.admin.listAdjustments(request, admin);
        found.push(...page.adjustments);
        pageToken = page.nextPageToken;
        if (pageToken === '') return found.map(({ amount }) => amount);
        if (found.length < 4) await adjust(bob, { amount: '8' });
      }
    };
    expect(await walk(ann.accountId)).toEqual(['4.00', '3.00', '2.00', '1.00']);
    const all = await walk('');
    expect(all.slice(0, 6)).toEqual(['8.00', '9.00', '4.00', '3.00', '2.00', '1.00']);
    const list = fixture.clients.admin.listAdjustments({ accountId: 'nobody' }, admin);
    await expect(list).rejects.toMatchObject({ reason: ErrorReason.ACCOUNT_NOT_FOUND });
    const { nextPageToken } = await fixture.clients.admin.listAdjustments({ pageSize: 1 }, admin);
    const other = { accountId: ann.accountId, pageToken: nextPageToken };
    await expect(fixture.clients.admin.listAdjustments(other, admin)).rejects.toMatchObject({
      reason: ErrorReason.PAGE_TOKEN_INVALID,
    });
    await expect(fixture.clients.admin.listAdjustments({}, ann)).rejects.toMatchObject({
      code: Code.PERMISSION_DENIED,
    });
  });
});
