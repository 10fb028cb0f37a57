import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import type { PaymentState } from '../domain/payment.ts';
import type { TransferKind } from '../domain/transfer.ts';
import { Crash, crashingAt } from '../testing/crashing.ts';
import { openPaymentBooks, type PaymentBooks, type TestPayments } from '../testing/payments.ts';
import type { BankMode, BankPayment } from '../testing/test-bank.ts';
import { receiveCallback } from './receive-callback.ts';

let books: PaymentBooks;
beforeAll(async () => {
  books = await openPaymentBooks();
});
afterAll(() => books?.[Symbol.asyncDispose]());

/** What happens to the ledger and at the bank. `crashAt`: at which point the process dies in it, if it comes so far. */
type Step = { crashAt: number } & (
  | { what: 'request'; key: number; mode: BankMode; outcome: PaymentState }
  | { what: 'settle'; payment: number; state: PaymentState }
  | {
      what: 'callback';
      payment: number;
      as: 'true' | 'dearer' | 'foreign' | 'reversed' | 'unknown' | 'older';
      event: number;
    }
  | { what: 'at once'; payment: number }
  | { what: 'resume' | 'reconcile' | 'wait' }
);

const startMicros = 500_000_000n;
const signal = new AbortController().signal;
const finals: PaymentState[] = ['completed', 'failed', 'refused'];

const anyIndex = fc.nat({ max: 5 });
const crashAt = fc.oneof({ weight: 2, arbitrary: fc.constant(1_000) }, { weight: 1, arbitrary: fc.nat({ max: 25 }) });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      crashAt,
      what: fc.constant('request' as const),
      key: anyIndex,

      mode: fc.constantFrom<BankMode>('answering', 'unanswered', 'unreachable'),
      outcome: fc.constantFrom<PaymentState>('pending', 'pending', ...finals),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      crashAt,
      what: fc.constant('settle' as const),
      payment: anyIndex,
      state: fc.constantFrom(...finals),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      crashAt,
      what: fc.constant('callback' as const),
      payment: anyIndex,
      as: fc.constantFrom(...(['true', 'true', 'dearer', 'foreign', 'reversed', 'unknown', 'older'] as const)),
      event: fc.nat({ max: 3 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ crashAt, what: fc.constant('at once' as const), payment: anyIndex }) },
  {
    weight: 3,
    arbitrary: fc.record({ crashAt, what: fc.constantFrom(...(['resume', 'reconcile', 'wait'] as const)) }),
  },
);

describe('transfers', () => {
  it('are booked once when the bank paid and never when it did not, whatever comes twice, late, wrong or not at all', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 25 }), async (steps) => {
        const accountId = await begin();
        for (const one of steps) await take(one, accountId);
        await settleEverything();
        await judge(accountId);
      }),
      { numRuns: 120, seed: 20_261_129 },
    );
  }, 120_000);
});

/** A new account and an empty bank; what earlier runs left in the tables is over. */
async function begin(): Promise<string> {
  books.bank.payments.clear();
  await books.db.query(
    `UPDATE transfer SET reconciled = true; DELETE FROM payment_reconciliation; DELETE FROM payment_finding`,
  );
  return books.addAccount({ cash: startMicros });
}

async function take(step: Step, accountId: string): Promise<void> {
  const process = books.start(crashingAt(books.db, step.crashAt));
  try {
    await carryOut(step, process, accountId);
  } catch (error) {
    if (!(error instanceof Crash)) throw error;
  }
}

async function carryOut(step: Step, process: TestPayments, accountId: string): Promise<void> {
  const { bank, clock } = books;
  clock.nowMs += 700;
  switch (step.what) {
    case 'request': {
      Object.assign(bank, { mode: step.mode, outcome: step.outcome });
      // A key always has the same body here: bodies that differ are refused before any of this.
      const kind: TransferKind = step.key % 2 === 0 ? 'deposit' : 'withdrawal';
      const terms = { accountId, kind, amountMicros: BigInt(1_000 + step.key * 777) * 10_000n };
      await process.transfers.request(terms, `key-${step.key}`, signal);
      return;
    }
    case 'settle': {
      const [key, payment] = pick(step.payment);
      if (payment?.status === 'OPEN') bank.settle(key, step.state);
      return;
    }
    case 'callback':
      return call(process, step);
    case 'at once': {
      const [key, payment] = pick(step.payment);
      if (payment === undefined) return;
      const deliver = () => receiveCallback(process.options, bank.provider.name, bank.callback(key));
      await Promise.all([deliver(), deliver(), process.transfers.resume(signal), deliver()]);
      return;
    }
    case 'resume':
      await process.transfers.resume(signal);
      return;
    case 'reconcile':
      bank.mode = 'answering';
      return process.reconcile();
    case 'wait':
      clock.nowMs += 120_000;
  }
}

function pick(index: number): [string, BankPayment | undefined] {
  const keys = [...books.bank.payments.keys()];
  const key = keys[index % Math.max(1, keys.length)] ?? '';
  return [key, books.bank.payments.get(key)];
}

async function call(process: TestPayments, { payment: index, as, event }: Step & { what: 'callback' }): Promise<void> {
  const [key, payment] = pick(index);
  if (payment === undefined) return;
  const changes: Record<typeof as, Partial<BankPayment>> = {
    true: {},
    dearer: { tenthsOfCents: payment.tenthsOfCents * 10n, status: 'BOOKED' },
    foreign: { currency: 'EUR', status: 'BOOKED' },
    reversed: { isCredit: !payment.isCredit, status: 'BOOKED' },
    unknown: { ourReference: uuidV7(), status: 'BOOKED' },
    older: { status: 'OPEN' },
  };
  // What an event says does not change: its id stands for it.
  const eventId = `${key}/${as}/${payment.status}/${as === 'true' ? 0 : event}`;
  const callback = books.bank.callback(key, { eventId, changes: changes[as] });
  await receiveCallback(process.options, books.bank.provider.name, callback);
}

/** The bank finishes all, and healthy processes do what they do in time. No further callback comes. */
async function settleEverything(): Promise<void> {
  const { bank, clock } = books;
  bank.mode = 'answering';
  bank.outcome = 'completed';
  const process = books.start();
  for (const [key, { status }] of bank.payments) if (status === 'OPEN') bank.settle(key, 'completed');
  for (let round = 0; round < 3; round += 1) {
    clock.nowMs += 11 * 60_000;
    while (await process.transfers.resume(signal));
    while (await process.transfers.resumeStuck(signal));
    await process.reconcile();
  }
}

type FinalRow = { id: string; kind: TransferKind; micros: bigint; status: string };

async function judge(accountId: string): Promise<void> {
  const { rows } = await books.db.query<FinalRow>(
    `SELECT transfer_id AS id, kind, amount_micros AS micros, status FROM transfer WHERE account_id = $1`,
    [accountId],
  );
  const bookings = await books.bookings();
  let expected = startMicros;
  for (const { id, kind, micros, status } of rows) {
    const paid = books.bank.payments.get(id)?.status === 'BOOKED';
    expect([id, status, bookings.get(id) ?? 0]).toEqual([id, paid ? 'completed' : 'failed', paid ? 1 : 0]);
    if (paid) expected += kind === 'deposit' ? micros : -micros;
  }
  // Every payment of the bank has its transfer: it was never asked for one that is not stored.
  expect([...books.bank.payments.keys()].filter((key) => !rows.some(({ id }) => id === key))).toEqual([]);
  expect(await books.balancesOf(accountId)).toEqual([`USD ${expected}/0`]);
  const { rows: sums } = await books.db.query(
    'SELECT sequence FROM posting GROUP BY sequence, asset HAVING sum(amount) <> 0',
  );
  expect(sums).toEqual([]);
  // Only what the test sent wrongly was found, and nothing that is right is called a difference.
  for (const finding of await books.findings()) expect(finding).toMatch(/^(?:terms-differ|unknown-here) /);
}
