import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { attemptsMax } from '../store/payments/attempts.ts';
import { listStuckTransfers } from '../store/payments/stuck.ts';
import { openPaymentBooks, type PaymentBooks, type TestPayments } from '../testing/payments.ts';
import { measureStuckTransfers } from './open-payments.ts';

let books: PaymentBooks;
let ledger: TestPayments;
let accountId: string;
const signal = new AbortController().signal;

beforeAll(async () => {
  books = await openPaymentBooks();
});
afterAll(() => books?.[Symbol.asyncDispose]());
beforeEach(async () => {
  await books.db.query('DELETE FROM transfer');
  books.bank.payments.clear();
  Object.assign(books.bank, { mode: 'answering', outcome: 'completed', calls: { create: 0, lookUp: 0 } });
  ledger = books.start();
  accountId = await books.addAccount({ cash: 100_000_000n });
});

async function request(key = uuidV7()): Promise<string> {
  const result = await ledger.transfers.request({ accountId, kind: 'deposit', amountMicros: 1_000_000n }, key, signal);
  if (!('transfer' in result)) throw new Error('the transfer was refused');
  return result.transfer.transferId;
}

async function countOf(status: string): Promise<number> {
  const { rows } = await books.db.query<{ count: bigint }>('SELECT count(*) AS count FROM transfer WHERE status = $1', [
    status,
  ]);
  return Number(rows[0]?.count);
}

/** Lets the time of every pending transfer come once, and takes them to the bank. */
async function resumeAll(): Promise<void> {
  books.clock.nowMs += 11 * 60_000;
  while (await ledger.transfers.resume(signal));
}

describe('request', () => {
  it('asks the provider once for twenty equal calls at once', async () => {
    const ids = await Promise.all(Array.from({ length: 20 }, () => request('same')));
    expect(new Set(ids).size).toBe(1);
    expect(books.bank.calls.create).toBe(1);
    expect(await books.balancesOf(accountId)).toEqual(['USD 101000000/0']);
  });

  it('does not ask again before its time when the call is repeated, nor for a payment that the provider has', async () => {
    books.bank.mode = 'unreachable';
    await request('down');
    await request('down');
    expect(books.bank.calls.create).toBe(1);
    Object.assign(books.bank, { mode: 'answering', outcome: 'pending' });
    await request('slow');
    await request('slow');
    expect(books.bank.calls).toEqual({ create: 2, lookUp: 0 });
  });
});

describe('resume', () => {
  it('takes newer transfers on, however many older ones never settle', async () => {
    books.bank.mode = 'unreachable';
    const older = await Promise.all(Array.from({ length: 60 }, () => request()));
    books.bank.mode = 'answering';
    const { provider } = books.bank;
    const never = new Set(older);
    const refuse = (key: string) => {
      if (never.has(key)) throw new Error('never');
    };
    ledger = books.start(books.db, {
      ...provider,
      async lookUp(key, callSignal) {
        refuse(key);
        return provider.lookUp(key, callSignal);
      },
    });
    books.bank.mode = 'unreachable';
    await request();
    books.bank.mode = 'answering';
    books.clock.nowMs += 60_000;
    // 61 are due: four claims of 20 reach all.
    for (let round = 0; round < 4; round += 1) await ledger.transfers.resume(signal);
    expect([await countOf('completed'), await countOf('pending')]).toEqual([1, 60]);
  });

  it('stops after a bound, shows the transfer as stuck, and goes on seldom until the provider is back', async () => {
    books.bank.mode = 'unreachable';
    const id = await request();
    for (let round = 0; round < attemptsMax + 5; round += 1) await resumeAll();
    expect(books.bank.calls.create + books.bank.calls.lookUp).toBe(attemptsMax);
    const stuck = await listStuckTransfers(books.db, { limit: 10 });
    expect(stuck.map(({ transferId }) => transferId)).toEqual([id]);
    measureStuckTransfers(ledger.options);
    const { registry } = ledger.options.metrics;
    expect(await registry.getSingleMetricAsString('outcry_transfers_stuck')).toMatch(
      /outcry_transfers_stuck(?:\{.*\})? 1$/m,
    );
    books.bank.mode = 'answering';
    books.clock.nowMs += 11 * 60_000;
    await ledger.transfers.resumeStuck(signal);
    expect([await countOf('completed'), await countOf('pending')]).toEqual([1, 0]);
  });

  it('looks a payment up before it is asked for again, as its first call may have made it', async () => {
    books.bank.mode = 'unanswered';
    const id = await request();
    books.bank.mode = 'answering';
    await resumeAll();
    expect(books.bank.calls).toEqual({ create: 1, lookUp: 1 });
    expect((await books.bookings()).get(id)).toBe(1);
  });

  it('asks for what the provider has at growing intervals, without counting that as failure', async () => {
    books.bank.outcome = 'pending';
    await request();
    for (let round = 0; round < attemptsMax + 5; round += 1) await resumeAll();
    expect(books.bank.calls.lookUp).toBe(attemptsMax + 5);
    expect(await listStuckTransfers(books.db, { limit: 10 })).toEqual([]);
    books.clock.nowMs += 8 * 24 * 3_600_000;
    await resumeAll();
    expect(await listStuckTransfers(books.db, { limit: 10 })).toHaveLength(1);
  });

  it('never makes a payment again that the provider had and does not know any more', async () => {
    books.bank.outcome = 'pending';
    const id = await request();
    books.bank.payments.clear();
    await resumeAll();
    expect(books.bank.calls.create).toBe(1);
    expect((await books.findings()).at(-1)).toBe(`unknown-there ${id}`);
    expect(await countOf('pending')).toBe(1);
  });
});
