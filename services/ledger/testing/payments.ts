/** The payment side of a ledger over its tables, with a bank that the test directs and a clock that it turns. */

import type { Database } from '#platform/postgres/sql.ts';
import { createMetrics } from '#platform/telemetry/metrics.ts';
import { silentLogger } from '#platform/testing/database.ts';
import type { PaymentProvider } from '../clients/payments/payment-provider.ts';
import { paymentProviders } from '../clients/payments/payment-provider.ts';
import { createFeedWriter } from '../events/feed-writer.ts';
import type { PaymentOptions } from '../transfers/payment-options.ts';
import { reconcilePage, searchUnlisted } from '../transfers/reconcile-payments.ts';
import { createTransferService, type TransferService } from '../transfers/transfer-service.ts';
import { openBooks, type TestBooks } from './books.ts';
import { openTestBank, type TestBank } from './test-bank.ts';

/** A process of the ledger, as far as it pays. */
export type TestPayments = {
  options: PaymentOptions;
  transfers: TransferService;
  /** Reconciles page by page to the end, and searches what was not listed. */
  reconcile(): Promise<void>;
};

/** The tables, the bank, the clock, and processes over them. */
export type PaymentBooks = TestBooks & {
  bank: TestBank;
  /** Unix milliseconds of every process; the test adds to it. */
  clock: { nowMs: number };
  /** A process over the tables, or over what `db` makes of them. */
  start(db?: Database, provider?: PaymentProvider): TestPayments;
  /** `rule payment_key` of each finding, in order. */
  findings(): Promise<string[]>;
  /** Entries of cash by transfer. */
  bookings(): Promise<Map<string, number>>;
};

const noSignal = new AbortController().signal;
const roundMs = 61_000;

/** Opens them. */
export async function openPaymentBooks(): Promise<PaymentBooks> {
  const books = await openBooks();
  const clock = { nowMs: Date.now() };
  const nowMs = () => clock.nowMs;
  const bank = openTestBank(nowMs);
  const feed = await createFeedWriter({ db: books.db, logger: silentLogger, nowMs });
  return {
    ...books,
    bank,
    clock,
    start(db = books.db, provider = bank.provider) {
      const providers = paymentProviders(provider);
      const options = { db, providers, feed, nowMs, logger: silentLogger, metrics: createMetrics('test') };
      return {
        options,
        transfers: createTransferService({ ...options, accounts: { ensure: async () => {} } }),
        async reconcile() {
          clock.nowMs += roundMs;
          while (await reconcilePage(options, provider, noSignal));
          while (await searchUnlisted(options, noSignal));
        },
      };
    },
    async findings() {
      const { rows } = await books.db.query<{ text: string }>(
        `SELECT rule || ' ' || payment_key AS text FROM payment_finding ORDER BY finding_id`,
      );
      return rows.map(({ text }) => text);
    },
    async bookings() {
      const { rows } = await books.db.query<{ reference: string; count: bigint }>(
        `SELECT reference, count(*) AS count FROM entry WHERE kind = 'cash' GROUP BY reference`,
      );
      return new Map(rows.map(({ reference, count }) => [reference, Number(count)]));
    },
    async [Symbol.asyncDispose]() {
      await feed[Symbol.asyncDispose]();
      await books[Symbol.asyncDispose]();
    },
  };
}
