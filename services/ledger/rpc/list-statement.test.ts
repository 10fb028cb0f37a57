import { timestampFromMs, timestampMs } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { EntryKind, type StatementEntry } from '#gen/outcry/ledger/v1/ledger_pb.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { type LedgerFixture, startFixture, type TestPerson } from '../testing/fixture.ts';

type Request = Parameters<LedgerFixture['clients']['ledger']['listStatement']>[0];

let fixture: LedgerFixture;

beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture?.[Symbol.asyncDispose]());

const deposit = (person: TestPerson, amount: string) =>
  fixture.clients.ledger.deposit({ idempotencyKey: uuidV7(), amount }, person);
const withdraw = (person: TestPerson, amount: string) =>
  fixture.clients.ledger.withdraw({ idempotencyKey: uuidV7(), amount }, person);

/** Ten in, two out, 2.5 shares, three in. */
async function fourMovements(): Promise<TestPerson> {
  const person = await fixture.person({ cash: '10' });
  await withdraw(person, '2');
  const issue = { idempotencyKey: uuidV7(), accountId: person.accountId, symbol: 'NOVA', quantity: '2.5' };
  await fixture.clients.admin.issueShares(issue, { userToken: fixture.adminToken });
  await deposit(person, '3');
  return person;
}

async function walk(person: TestPerson, request: Request, between: () => Promise<unknown> = async () => {}) {
  const pages: StatementEntry[][] = [];
  for (let pageToken = ''; ; ) {
    const page = await fixture.clients.ledger.listStatement({ ...request, pageToken }, person);
    pages.push(page.entries);
    pageToken = page.nextPageToken;
    if (pageToken === '') return pages;
    await between();
  }
}
const amountsOf = async (person: TestPerson, request: Request) =>
  (await walk(person, request)).flat().map(({ amount }) => amount);

describe('listStatement', () => {
  it('filters by kind, in either sequence', async () => {
    const person = await fourMovements();
    expect(await amountsOf(person, {})).toEqual(['3.00', '2.5', '-2.00', '10.00']);
    expect(await amountsOf(person, { oldestFirst: true })).toEqual(['10.00', '-2.00', '2.5', '3.00']);
    expect(await amountsOf(person, { kinds: [EntryKind.DEPOSIT] })).toEqual(['3.00', '10.00']);
    const cash = [EntryKind.WITHDRAWAL, EntryKind.DEPOSIT];
    expect(await amountsOf(person, { kinds: cash, oldestFirst: true, pageSize: 1 })).toEqual([
      '10.00',
      '-2.00',
      '3.00',
    ]);
    expect(await amountsOf(person, { kinds: [EntryKind.FEE] })).toEqual([]);
  });

  it('filters by the time of the booking', async () => {
    const person = await fourMovements();
    const all = (await walk(person, { oldestFirst: true })).flat();
    for (const { time } of all) {
      const timeMs = time ? timestampMs(time) : 0;
      const since = all.filter((entry) => entry.time && timestampMs(entry.time) >= timeMs);
      expect((await walk(person, { fromTime: time, oldestFirst: true })).flat()).toEqual(since);
      const before = all.filter((entry) => entry.time && timestampMs(entry.time) < timeMs);
      expect((await walk(person, { untilTime: time, oldestFirst: true, pageSize: 1 })).flat()).toEqual(before);
    }
  });

  it('refuses a token with other filters, and kinds and times that make no sense', async () => {
    const person = await fourMovements();
    const { ledger } = fixture.clients;
    const { nextPageToken: pageToken } = await ledger.listStatement({ pageSize: 1 }, person);
    const changes: Request[] = [
      { oldestFirst: true },
      { kinds: [EntryKind.DEPOSIT] },
      { fromTime: timestampFromMs(1) },
    ];
    for (const change of changes) {
      const call = ledger.listStatement({ pageToken, ...change }, person);
      await expect(call).rejects.toMatchObject({ reason: ErrorReason.PAGE_TOKEN_INVALID });
    }
    const odd = ledger.listStatement({ kinds: [99 as number as EntryKind] }, person);
    await expect(odd).rejects.toMatchObject({ violations: [{ field: 'kinds' }] });
    const backwards = { fromTime: timestampFromMs(2), untilTime: timestampFromMs(1) };
    await expect(ledger.listStatement(backwards, person)).rejects.toMatchObject({
      violations: [{ field: 'until_time' }],
    });
    const broken = ledger.listStatement({ fromTime: { seconds: 1n, nanos: -1 } }, person);
    await expect(broken).rejects.toMatchObject({ violations: [{ field: 'from_time' }] });
  });

  it.each([[false], [true]])(
    'has each movement on one page while others are booked (oldest first: %s)',
    async (oldestFirst) => {
      const person = await fourMovements();
      const before = (await walk(person, { oldestFirst })).flat();
      let booked = 0;
      const found = await walk(person, { oldestFirst, pageSize: 1 }, async () => {
        booked += 1;
        if (booked <= 5) await deposit(person, '1');
      });
      const sequences = before.map(({ sequence }) => sequence);
      const seen = found.flat().map(({ sequence }) => sequence);
      expect(seen.filter((sequence) => sequences.includes(sequence))).toEqual(sequences);
    },
  );

  it('goes on past 10,000 movements that a filter leaves out, in pages with nothing on them', async () => {
    const person = await fixture.person({ cash: '10' });
    await fixture.db.query(
      `INSERT INTO entry SELECT 1000000 + n, 'trade', 'hay' || n, now(), '' FROM generate_series(1, 10500) AS n`,
    );
    await fixture.db.query(
      `INSERT INTO posting SELECT 1000000 + n, 0, $1, 'USD', 1, 'fee' FROM generate_series(1, 10500) AS n`,
      [person.accountId],
    );
    const pages = await walk(person, { kinds: [EntryKind.DEPOSIT] });
    expect(pages.map(({ length }) => length)).toEqual([0, 1]);
  });
});

describe('listTransfers', () => {
  it('filters by the time of the request, in either sequence', async () => {
    const person = await fourMovements();
    const { ledger } = fixture.clients;
    const { transfers: all } = await ledger.listTransfers({ oldestFirst: true }, person);
    expect(all.map(({ amount }) => amount)).toEqual(['10.00', '2.00', '3.00']);
    for (const { createTime } of all) {
      const timeMs = createTime ? timestampMs(createTime) : 0;
      const isSince = (time: typeof createTime) => time !== undefined && timestampMs(time) >= timeMs;
      const since = await ledger.listTransfers({ fromTime: createTime }, person);
      expect(since.transfers).toEqual(all.filter((transfer) => isSince(transfer.createTime)).toReversed());
      const before = await ledger.listTransfers({ untilTime: createTime, oldestFirst: true }, person);
      expect(before.transfers).toEqual(all.filter((transfer) => !isSince(transfer.createTime)));
    }
    const { nextPageToken: pageToken } = await ledger.listTransfers({ pageSize: 1 }, person);
    const turned = ledger.listTransfers({ pageToken, oldestFirst: true }, person);
    await expect(turned).rejects.toMatchObject({ reason: ErrorReason.PAGE_TOKEN_INVALID });
  });
});

describe('getShares', () => {
  it('says what an account has of one symbol or of all, cash and what is gone left out', async () => {
    const person = await fixture.person({ cash: '5', shares: { NOVA: '2.5', ACME: '4' } });
    const { order, gateway } = fixture.clients;
    const all = await order.getShares({ accountId: person.accountId });
    expect(all.shares).toMatchObject([
      { symbol: 'ACME', availableMicros: 4_000_000n, heldMicros: 0n },
      { symbol: 'NOVA', availableMicros: 2_500_000n, heldMicros: 0n },
    ]);
    const one = await order.getShares({ accountId: person.accountId, symbol: 'NOVA' });
    expect(one.shares.map(({ symbol }) => symbol)).toEqual(['NOVA']);
    expect((await order.getShares({ accountId: uuidV7() })).shares).toEqual([]);
    const wrong = gateway.getShares({ accountId: person.accountId });
    await expect(wrong).rejects.toMatchObject({ reason: ErrorReason.SERVICE_NOT_ALLOWED });
  });
});
