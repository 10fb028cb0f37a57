/** What the ledger relies on, of the local provider and of one of another make: both pass the same tests. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import type { PaymentOrder } from '../../domain/payment.ts';
import { noFaults } from '../../domain/payment-fate.ts';
import { openBooks, type TestBooks } from '../../testing/books.ts';
import { openTestBank } from '../../testing/test-bank.ts';
import { createLocalProvider } from './local-provider.ts';
import type { PaymentProvider, RawCallback } from './payment-provider.ts';

/** A provider, and how it comes to send a callback of a payment that is over. */
type Subject = {
  provider: PaymentProvider;
  callbackOf(key: string, timeMs: number): Promise<RawCallback>;
  /** How old its callbacks may be, in ms. */
  windowMs: number;
};

let books: TestBooks;
let nowMs = Date.now();
beforeAll(async () => {
  books = await openBooks();
});
afterAll(() => books?.[Symbol.asyncDispose]());

const subjects: Record<string, () => Subject> = {
  'the local provider': () => {
    const secrets = ['of today'.padEnd(32, '.'), 'of yesterday'.padEnd(32, '.')];
    const provider = createLocalProvider({ db: books.db, switches: noFaults, secrets, nowMs: () => nowMs });
    const callbackOf = async (key: string, timeMs: number) => {
      const sender = createLocalProvider({ db: books.db, switches: noFaults, secrets, nowMs: () => timeMs });
      const callback = await sender.writeCallback('evt_1', key);
      if (callback === undefined) throw new Error('there is no such payment');
      return callback;
    };
    return { provider, callbackOf, windowMs: 5 * 60_000 };
  },
  'a bank of another make': () => {
    const bank = openTestBank(() => nowMs);
    return {
      provider: bank.provider,
      callbackOf: async (key, timeMs) => bank.callback(key, { timeMs }),
      windowMs: 2 * 60_000,
    };
  },
};

const signal = new AbortController().signal;
const newOrder = (amountCents = 1_234n): PaymentOrder => {
  return { key: uuidV7(), direction: 'out', amountCents, currency: 'USD' };
};

describe.each(Object.entries(subjects))('%s', (_, open) => {
  it('makes one payment for a key, and finds it by it', async () => {
    const { provider } = open();
    const order = newOrder();
    expect(await provider.lookUp(order.key, signal)).toBeUndefined();
    const made = await Promise.all([1, 2, 3].map(() => provider.create(order, signal)));
    expect(new Set(made.map(({ paymentId }) => paymentId)).size).toBe(1);
    expect(made[0]).toMatchObject({ ...order, state: 'completed' });
    expect(await provider.lookUp(order.key, signal)).toMatchObject({ ...order, paymentId: made[0]?.paymentId });
  });

  // Two rows of one key meet in two unique indexes, and which one they meet in first is a matter of microseconds.
  it('makes one payment for each of many keys, six callers at once each', async () => {
    const { provider } = open();
    for (let round = 0; round < 200; round += 1) {
      const order = newOrder();
      const made = await Promise.all([1, 2, 3, 4, 5, 6].map(() => provider.create(order, signal)));
      expect(new Set(made.map(({ paymentId }) => paymentId)).size).toBe(1);
    }
  });

  it('lists what was made since a time, each payment once over all pages', async () => {
    const { provider } = open();
    nowMs += 1_000;
    const before = newOrder();
    await provider.create(before, signal);
    nowMs += 1_000;
    const sinceMs = nowMs;
    const orders = Array.from({ length: 7 }, (_, index) => newOrder(BigInt(index + 1)));
    for (const order of orders) await provider.create(order, signal);
    const keys: string[] = [];
    for (let cursor = ''; ; ) {
      const page = await provider.list({ sinceMs, cursor, limit: 3 }, signal);
      expect(page.payments.length).toBeLessThanOrEqual(3);
      keys.push(...page.payments.map(({ key }) => key));
      cursor = page.nextCursor;
      if (cursor === '') break;
    }
    expect(keys.toSorted()).toEqual(orders.map(({ key }) => key).toSorted());
  });

  it('signs callbacks that say the payment as its list does, and that hold for a while only', async () => {
    const { provider, callbackOf, windowMs } = open();
    const order = newOrder();
    const made = await provider.create(order, signal);
    const callback = await callbackOf(order.key, nowMs);
    const { eventId, payment } = provider.readCallback(callback, nowMs);
    expect(eventId).not.toBe('');
    expect(payment).toMatchObject({ ...order, paymentId: made.paymentId, state: 'completed' });
    const stale = expect.objectContaining({ cause: 'stale' });
    expect(() => provider.readCallback(callback, nowMs + windowMs + 1_001)).toThrow(stale);
    const forged = { ...callback, body: Buffer.from(Buffer.from(callback.body).toString().replace('USD', 'EUR')) };
    const unsigned = expect.objectContaining({ cause: 'unsigned' });
    expect(() => provider.readCallback(forged, nowMs)).toThrow(unsigned);
    expect(() => provider.readCallback({ ...callback, headers: {} }, nowMs)).toThrow(unsigned);
  });
});
