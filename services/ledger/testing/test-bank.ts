/**
 * A payment provider of another make than the local one: numbers for ids, amounts in units of a tenth of a cent, states of its own, callbacks
 * in text form signed over three headers, and a list by page number with the newest first. It does what the test says.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { pause } from '#platform/time/pause.ts';
import { CallbackRefusedError, type PaymentProvider, type RawCallback } from '../clients/payments/payment-provider.ts';
import type { Payment, PaymentOrder, PaymentState } from '../domain/payment.ts';

/** A payment in the bank's own terms. */
export type BankPayment = {
  number: number;
  ourReference: string;
  isCredit: boolean;
  tenthsOfCents: bigint;
  currency: string;
  status: 'OPEN' | 'BOOKED' | 'RETURNED' | 'REJECTED';
  changeMs: number;
};

/** What the next calls of `create` do: `unanswered` makes the payment and never answers, `unreachable` does nothing. */
export type BankMode = 'answering' | 'unanswered' | 'unreachable';

/** The bank, and what the test sets and sees. */
export type TestBank = {
  provider: PaymentProvider;
  mode: BankMode;
  /** The state in which new payments are made. */
  outcome: PaymentState;
  /** By key. */
  payments: Map<string, BankPayment>;
  calls: { create: number; lookUp: number };
  settle(key: string, state: PaymentState): void;
  /** The callback of a payment as it is now, or as `changes` have it, signed at `timeMs`, by default now. */
  callback(key: string, options?: { eventId?: string; changes?: Partial<BankPayment>; timeMs?: number }): RawCallback;
};

const secret = 'what the bank and the ledger share';
const statuses: Record<PaymentState, BankPayment['status']> = {
  pending: 'OPEN',
  completed: 'BOOKED',
  failed: 'RETURNED',
  refused: 'REJECTED',
};
const windowMs = 120_000;

/** Opens an empty bank. */
export function openTestBank(nowMs: () => number = Date.now): TestBank {
  const bank: TestBank = {
    mode: 'answering',
    outcome: 'completed',
    payments: new Map(),
    calls: { create: 0, lookUp: 0 },
    provider: {
      name: 'bank-of-tests',
      create: (order, signal) => create(bank, order, { signal, nowMs }),
      async lookUp(key) {
        bank.calls.lookUp += 1;
        if (bank.mode === 'unreachable') throw new Error('the bank is closed');
        const found = bank.payments.get(key);
        return found && toPayment(found);
      },
      async list({ sinceMs, cursor, limit }) {
        if (bank.mode === 'unreachable') throw new Error('the bank is closed');
        const start = Number(cursor || '0') * limit;
        const changed = [...bank.payments.values()].filter(({ changeMs }) => changeMs >= sinceMs);
        const page = changed.toSorted((a, b) => b.number - a.number).slice(start, start + limit);
        const isLast = start + limit >= changed.length;
        return { payments: page.map(toPayment), nextCursor: isLast ? '' : String(start / limit + 1) };
      },
      readCallback,
    },
    settle(key, state) {
      const payment = bank.payments.get(key);
      if (payment === undefined) throw new Error('there is no such payment');
      Object.assign(payment, { status: statuses[state], changeMs: nowMs() });
    },
    callback(key, { eventId = `${key}/1`, changes = {}, timeMs = nowMs() } = {}) {
      const known = bank.payments.get(key) ?? newPayment(bank, { ...anyOrder, key }, nowMs());
      const { number, ourReference, isCredit, tenthsOfCents, currency, status } = { ...known, ...changes };
      const body = Buffer.from([number, ourReference, isCredit, tenthsOfCents, currency, status].join('\n'));
      return { headers: signatureOf(eventId, timeMs, body), body };
    },
  };
  return bank;
}

const anyOrder = { direction: 'in', amountCents: 100n, currency: 'USD' } as const;

async function create(
  bank: TestBank,
  order: PaymentOrder,
  { signal, nowMs }: { signal: AbortSignal; nowMs: () => number },
): Promise<Payment> {
  bank.calls.create += 1;
  if (bank.mode === 'unreachable') throw new Error('the bank is closed');
  const made = bank.payments.get(order.key) ?? newPayment(bank, order, nowMs());
  bank.payments.set(order.key, made);
  if (bank.mode === 'unanswered') {
    await pause(20, signal);
    throw new Error('the line went dead');
  }
  return toPayment(made);
}

function newPayment(bank: TestBank, order: PaymentOrder, changeMs: number): BankPayment {
  return {
    number: 70_000 + bank.payments.size,
    ourReference: order.key,
    isCredit: order.direction === 'in',
    tenthsOfCents: order.amountCents * 10n,
    currency: order.currency,
    status: statuses[bank.outcome],
    changeMs,
  };
}

function toPayment(payment: Omit<BankPayment, 'changeMs'>): Payment {
  const states = Object.entries(statuses) as [PaymentState, BankPayment['status']][];
  return {
    key: payment.ourReference,
    paymentId: String(payment.number),
    direction: payment.isCredit ? 'in' : 'out',
    amountCents: payment.tenthsOfCents / 10n,
    currency: payment.currency,
    state: states.find(([, status]) => status === payment.status)?.[0] ?? 'pending',
  };
}

function digestOf(eventId: string, time: string, body: Uint8Array): Buffer {
  return createHmac('sha512', secret).update(`${eventId}|${time}|`).update(body).digest();
}

function signatureOf(eventId: string, timeMs: number, body: Uint8Array): Record<string, string> {
  const signature = digestOf(eventId, String(timeMs), body).toString('base64');
  return { 'bank-webhook-id': eventId, 'bank-timestamp': String(timeMs), 'bank-signature': signature };
}

function readCallback({ headers, body }: RawCallback, nowMs: number) {
  const { 'bank-webhook-id': eventId = '', 'bank-timestamp': time = '', 'bank-signature': signature = '' } = headers;
  const expected = digestOf(eventId, time, body);
  const sent = Buffer.from(signature, 'base64');
  if (sent.length !== expected.length || !timingSafeEqual(sent, expected)) throw new CallbackRefusedError('unsigned');
  if (Math.abs(nowMs - Number(time)) > windowMs) throw new CallbackRefusedError('stale');
  const [number, ourReference = '', isCredit, tenths = '', currency = '', status] = Buffer.from(body)
    .toString()
    .split('\n');
  const payment = toPayment({
    number: Number(number),
    ourReference,
    isCredit: isCredit === 'true',
    tenthsOfCents: BigInt(tenths),
    currency,
    status: status as BankPayment['status'],
  });
  return { eventId, payment };
}
