import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { openPaymentBooks, type PaymentBooks, type TestPayments } from '../testing/payments.ts';
import { reconcilePage } from './reconcile-payments.ts';

let books: PaymentBooks;
let ledger: TestPayments;
let accountId: string;
const signal = new AbortController().signal;

beforeAll(async () => {
  books = await openPaymentBooks();
});
afterAll(() => books?.[Symbol.asyncDispose]());
beforeEach(async () => {
  await books.db.query('DELETE FROM transfer; DELETE FROM payment_finding; DELETE FROM payment_reconciliation');
  books.bank.payments.clear();
  Object.assign(books.bank, { mode: 'answering', outcome: 'completed' });
  ledger = books.start();
  accountId = await books.addAccount({ cash: 100_000_000n });
});

async function request(cents = 100n): Promise<string> {
  const terms = { accountId, kind: 'deposit', amountMicros: cents * 10_000n } as const;
  const result = await ledger.transfers.request(terms, uuidV7(), signal);
  if (!('transfer' in result)) throw new Error('the transfer was refused');
  return result.transfer.transferId;
}

describe('reconciliation', () => {
  it('mends what only lacks its callback, over several pages', async () => {
    books.bank.outcome = 'pending';
    const ids: string[] = [];
    for (let i = 0; i < 230; i += 1) ids.push(await request(1n));
    for (const id of ids) books.bank.settle(id, 'completed');
    await ledger.reconcile();
    expect(await books.balancesOf(accountId)).toEqual(['USD 102300000/0']);
    expect(await books.findings()).toEqual([]);
  });

  it('goes on at its page when another process takes it over', async () => {
    books.bank.outcome = 'pending';
    for (let i = 0; i < 120; i += 1) books.bank.settle(await request(1n), 'completed');
    const { provider } = books.bank;
    expect(await reconcilePage(ledger.options, provider, signal)).toBe(true);
    expect(await books.balancesOf(accountId)).toEqual(['USD 101000000/0']);
    expect(await reconcilePage(books.start().options, provider, signal)).toBe(false);
    expect(await books.balancesOf(accountId)).toEqual(['USD 101200000/0']);
    // The round is over, and the next begins a minute later.
    expect(await reconcilePage(ledger.options, provider, signal)).toBe(false);
  });

  it('reports what is unknown here or there, and what differs, each once, and mends the rest of the page', async () => {
    books.bank.outcome = 'pending';
    const [mended, dearer] = [await request(), await request()];
    books.bank.outcome = 'completed';
    const [vanished, undone] = [await request(), await request()];
    books.bank.settle(mended, 'completed');
    books.bank.settle(dearer, 'completed');
    Object.assign(books.bank.payments.get(dearer) ?? {}, { tenthsOfCents: 999_990n });
    books.bank.settle(undone, 'failed');
    books.bank.payments.delete(vanished);
    const stranger = uuidV7();
    await books.bank.provider.create({ key: stranger, direction: 'in', amountCents: 5n, currency: 'USD' }, signal);
    for (let round = 0; round < 12; round += 1) await ledger.reconcile();
    expect((await books.findings()).toSorted()).toEqual(
      [
        `terms-differ ${dearer}`,
        `unknown-there ${vanished}`,
        `state-differs ${undone}`,
        `unknown-here ${stranger}`,
      ].toSorted(),
    );
    expect(await books.balancesOf(accountId)).toEqual(['USD 103000000/0']);
  });

  it('does not read a list without end that does not advance', async () => {
    const stuck = { ...books.bank.provider, list: async () => ({ payments: [], nextCursor: 'same' }) };
    expect(await reconcilePage(ledger.options, stuck, signal)).toBe(true);
    await expect(reconcilePage(ledger.options, stuck, signal)).rejects.toThrow('advance');
  });

  it('leaves all as it is while the provider does not answer, and does not lose its place', async () => {
    books.bank.outcome = 'pending';
    const id = await request();
    books.bank.settle(id, 'completed');
    books.bank.mode = 'unreachable';
    await expect(ledger.reconcile()).rejects.toThrow('closed');
    books.bank.mode = 'answering';
    await ledger.reconcile();
    expect((await books.bookings()).get(id)).toBe(1);
  });
});
