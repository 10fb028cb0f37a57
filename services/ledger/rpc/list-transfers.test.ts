import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import {
  ExportedTable,
  type Transfer,
  TransferKind,
  TransferStage,
  TransferStatus,
} from '#gen/outcry/ledger/v1/ledger_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { auditedTables } from '../store/audited-tables.ts';
import { insertFinding } from '../store/payments/findings.ts';
import { type LedgerFixture, startFixture, type TestPerson } from '../testing/fixture.ts';
import { openTestBank } from '../testing/test-bank.ts';
import { exportRows } from './export-table.ts';

let fixture: LedgerFixture;
const bank = openTestBank();

beforeAll(async () => {
  fixture = await startFixture({ providers: [bank.provider] });
});
afterAll(() => fixture?.[Symbol.asyncDispose]());
afterEach(() => Object.assign(bank, { mode: 'answering', outcome: 'completed' }));

/** Nine transfers, of which three are pending, three failed and three completed; two of each are deposits. */
async function nineTransfers(): Promise<TestPerson> {
  const person = await fixture.person({ cash: '1000' });
  for (const outcome of ['pending', 'failed', 'completed'] as const) {
    bank.outcome = outcome;
    await fixture.clients.ledger.deposit({ idempotencyKey: uuidV7(), amount: '1' }, person);
    await fixture.clients.ledger.withdraw({ idempotencyKey: uuidV7(), amount: '2' }, person);
    await fixture.clients.ledger.deposit({ idempotencyKey: uuidV7(), amount: '3' }, person);
  }
  bank.outcome = 'completed';
  return person;
}

async function exported(person: { userToken: string }, table: ExportedTable, accountId = ''): Promise<string> {
  let csv = '';
  for await (const part of fixture.clients.ledger.exportTable({ table, accountId }, person)) csv += part.csv;
  return csv;
}

describe('listTransfers', () => {
  it('pages by kind and status, newest first, and no page shifts when new transfers come', async () => {
    const person = await nineTransfers();
    const { ledger } = fixture.clients;
    const all = await ledger.listTransfers({}, person);
    const amounts = all.transfers.map(({ amount }) => amount);
    expect(amounts).toEqual(['3.00', '2.00', '1.00', '3.00', '2.00', '1.00', '3.00', '2.00', '1.00', '1000.00']);
    const filter = { kind: TransferKind.DEPOSIT, status: TransferStatus.FAILED };
    const failed = await ledger.listTransfers(filter, person);
    expect(failed.transfers.map(({ amount, stage }) => [amount, stage])).toEqual([
      ['3.00', TransferStage.FAILED],
      ['1.00', TransferStage.FAILED],
    ]);
    const paged: Transfer[] = [];
    for (let pageToken = ''; ; ) {
      const page = await ledger.listTransfers({ pageSize: 3, pageToken }, person);
      paged.push(...page.transfers);
      await ledger.deposit({ idempotencyKey: uuidV7(), amount: '7' }, person);
      pageToken = page.nextPageToken;
      if (pageToken === '') break;
    }
    expect(paged).toEqual(all.transfers);
  });

  it('refuses a token of other filters or of another account, and hides the accounts of others', async () => {
    const [ann, bob] = [await nineTransfers(), await nineTransfers()];
    const { ledger } = fixture.clients;
    const { nextPageToken: pageToken } = await ledger.listTransfers({ pageSize: 1 }, ann);
    const invalid = { reason: ErrorReason.PAGE_TOKEN_INVALID };
    await expect(ledger.listTransfers({ pageToken }, bob)).rejects.toMatchObject(invalid);
    const filtered = ledger.listTransfers({ pageToken, kind: TransferKind.DEPOSIT }, ann);
    await expect(filtered).rejects.toMatchObject(invalid);
    const other = ledger.listTransfers({ accountId: ann.accountId }, bob);
    await expect(other).rejects.toMatchObject({ reason: ErrorReason.ACCOUNT_NOT_FOUND });
    const odd = ledger.listTransfers({ kind: 99 as number as TransferKind }, ann);
    await expect(odd).rejects.toMatchObject({ code: Code.INVALID_ARGUMENT });
  });
});

describe('exportTable', () => {
  it('has every row of the list once, whatever the number of pages, with amounts as plain numbers', async () => {
    const person = await fixture.person({ cash: '5000' });
    const { accountId } = person;
    await fixture.db.query(
      `INSERT INTO entry SELECT 1000000 + n, 'cash', 'made-' || n, now(), '' FROM generate_series(1, 450) AS n;`,
    );
    await fixture.db.query(
      `INSERT INTO posting (sequence, line, account_id, asset, amount, kind)
       SELECT 1000000 + n, line, $1, 'USD', -n * 10000, 'withdrawal' FROM generate_series(1, 450) AS n, generate_series(0, 1) AS line`,
      [accountId],
    );
    const lines = (await exported(person, ExportedTable.STATEMENT)).split('\r\n');
    expect(lines[0]).toBe('"sequence","time","kind","asset","amount","reference","order_id","reason"');
    expect(lines).toHaveLength(1 + 900 + 1 + 1);
    expect(new Set(lines.slice(1, -1).map((line) => line.split(',')[0])).size).toBe(451);
    expect(lines[1]).toMatch(/^1000450,"[^"]+","withdrawal","USD",-4\.50,"made-450","",""$/);
  });

  it('begins no cell of text as a formula, though a reference does', async () => {
    const person = await fixture.person();
    await fixture.db.query(`INSERT INTO entry VALUES (2000000, 'issue', '=HYPERLINK("x")', now(), '')`);
    await fixture.db.query(
      `INSERT INTO posting (sequence, line, account_id, asset, amount, kind) VALUES (2000000, 0, $1, 'ACME', 1500000, 'issue')`,
      [person.accountId],
    );
    const [, line] = (await exported(person, ExportedTable.STATEMENT)).split('\r\n');
    expect(line).toContain(`,"ACME",1.5,"'=HYPERLINK(""x"")",""`);
  });

  it('has the transfers with their states, of the caller and to staff of anyone, and refuses others', async () => {
    const person = await nineTransfers();
    const csv = await exported(person, ExportedTable.TRANSFERS);
    const rows = csv.split('\r\n').slice(1, -1);
    expect(rows.map((row) => row.split(',').slice(2).join(' '))).toContain(
      `"withdrawal" -2.00 "USD" "failed" "failed"`,
    );
    expect(rows).toHaveLength(10);
    const staff = { userToken: fixture.adminToken };
    expect(await exported(staff, ExportedTable.TRANSFERS, person.accountId)).toBe(csv);
    const stranger = exported(await fixture.person(), ExportedTable.TRANSFERS, person.accountId);
    await expect(stranger).rejects.toMatchObject({ reason: ErrorReason.ACCOUNT_NOT_FOUND });
    const none = exported(person, ExportedTable.UNSPECIFIED);
    await expect(none).rejects.toMatchObject({ code: Code.INVALID_ARGUMENT });
  });
});

describe('exportRows', () => {
  const table = {
    header: 'n\r\n',
    line: (n: number) => `${n}\r\n`,
    read: async (after = 0) => Array.from({ length: 200 }, (_, index) => after + index + 1),
  };

  it('ends with an error beyond its bound, and when its reader leaves: a part is not the whole', async () => {
    const read: string[] = [];
    const all = async (signal: AbortSignal) => {
      for await (const { csv } of exportRows(table, { signal }, 500)) read.push(csv ?? '');
    };
    await expect(all(new AbortController().signal)).rejects.toMatchObject({ code: Code.OUT_OF_RANGE });
    expect(read.join('').split('\r\n')).toHaveLength(1 + 400 + 1);
    await expect(all(AbortSignal.abort())).rejects.toThrow();
  });
});

describe('confirmPayment, listPaymentFindings and listStuckTransfers', () => {
  it('take a callback from the gateway alone, and show to staff what differed and what is stuck', async () => {
    const person = await fixture.person();
    const { ledger, admin, order, gateway } = fixture.clients;
    bank.outcome = 'pending';
    const { transfer } = await ledger.deposit({ idempotencyKey: uuidV7(), amount: '5' }, person);
    const id = transfer?.transferId ?? '';
    const provider = bank.provider.name;
    const dearer = {
      provider,
      ...bank.callback(id, { eventId: 'one', changes: { tenthsOfCents: 1n, status: 'BOOKED' } }),
    };
    await expect(order.confirmPayment(dearer)).rejects.toMatchObject({ reason: ErrorReason.SERVICE_NOT_ALLOWED });
    await gateway.confirmPayment(dearer);
    bank.settle(id, 'completed');
    await gateway.confirmPayment({ provider, ...bank.callback(id, { eventId: 'two' }) });
    expect((await ledger.getBalances({}, person)).cash?.total).toBe('5.00');
    const staff = { userToken: fixture.adminToken };
    const { findings } = await admin.listPaymentFindings({ pageSize: 1 }, staff);
    expect(findings).toMatchObject([{ rule: 'terms-differ', paymentKey: id, expected: 'in 5.00 USD', provider }]);
    await expect(admin.listPaymentFindings({}, person)).rejects.toMatchObject({ code: Code.PERMISSION_DENIED });
    const settle = (reason: string) =>
      admin.settlePaymentFindings({ findingIds: [findings[0]?.findingId ?? 0n, 999n], reason }, staff);
    await expect(settle(' ')).rejects.toMatchObject({ code: Code.INVALID_ARGUMENT });
    expect(await settle('paid back by hand')).toMatchObject({ settledCount: 1 });
    expect(await settle('once more')).toMatchObject({ settledCount: 0 });
    const listed = await admin.listPaymentFindings({ pageSize: 1 }, staff);
    expect(listed.findings).toMatchObject([{ paymentKey: id, settleReason: 'paid back by hand' }]);
    expect(listed.findings[0]).toMatchObject({ settleTime: {}, settledBy: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    const { rows } = await fixture.db.query(`SELECT * FROM ${auditedTables.payment_finding.from}`);
    expect(rows).toEqual([]);
    bank.mode = 'unreachable';
    const stuck = await ledger.deposit({ idempotencyKey: uuidV7(), amount: '6' }, person);
    expect((await admin.listStuckTransfers({}, staff)).transfers).toEqual([]);
    await fixture.db.query('UPDATE transfer SET attempts = 12 WHERE transfer_id = $1', [stuck.transfer?.transferId]);
    const { transfers } = await admin.listStuckTransfers({}, staff);
    expect(transfers.map(({ transferId }) => transferId)).toEqual([stuck.transfer?.transferId]);
  });
});

describe('pages of ListPaymentFindings and pages of ListStuckTransfers while others come and go', () => {
  const staff = () => ({ userToken: fixture.adminToken });

  it('have each finding once', async () => {
    const find = (paymentKey: string) => {
      const finding = { rule: 'unknown-here' as const, paymentKey, expected: 'none', found: 'in 1.00 USD' };
      return insertFinding(fixture.db, 'walked', finding, new Date());
    };
    for (let index = 0; index < 6; index += 1) await find(`first-${index}`);
    const found: string[] = [];
    for (let pageToken = ''; ; ) {
      const page = await fixture.clients.admin.listPaymentFindings({ pageSize: 2, pageToken }, staff());
      found.push(...page.findings.map(({ paymentKey }) => paymentKey));
      pageToken = page.nextPageToken;
      if (pageToken === '') break;
      await find(`later-${found.length}`);
    }
    const first = found.filter((paymentKey) => paymentKey.startsWith('first-'));
    expect(first).toEqual([5, 4, 3, 2, 1, 0].map((index) => `first-${index}`));
  });

  it('have each transfer that is stuck throughout once', async () => {
    bank.mode = 'unreachable';
    const person = await fixture.person();
    const stick = async () => {
      const { transfer } = await fixture.clients.ledger.deposit({ idempotencyKey: uuidV7(), amount: '6' }, person);
      await fixture.db.query('UPDATE transfer SET attempts = 12 WHERE transfer_id = $1', [transfer?.transferId]);
      return transfer?.transferId ?? '';
    };
    const ids: string[] = [];
    for (let index = 0; index < 6; index += 1) ids.push(await stick());
    const found: string[] = [];
    for (let pageToken = ''; ; ) {
      const page = await fixture.clients.admin.listStuckTransfers({ pageSize: 2, pageToken }, staff());
      found.push(...page.transfers.map(({ transferId }) => transferId));
      pageToken = page.nextPageToken;
      if (pageToken === '') break;
      // One that was listed is stuck no more, and another one comes.
      await fixture.db.query('UPDATE transfer SET attempts = 0 WHERE transfer_id = $1', [found.shift()]);
      if (ids.length < 10) ids.push(await stick());
    }
    const left = ids.filter((id) => found.includes(id));
    expect(found.filter((id) => ids.includes(id))).toEqual(left);
    expect(left.length).toBeGreaterThan(2);
  });
});
