/** A provider without a bank, for a laptop and for tests of everything that can go wrong. Its payments are in the ledger's database. */
import { hash } from 'node:crypto';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import type { Database } from '#platform/postgres/sql.ts';
import { pause } from '#platform/time/pause.ts';
import type { Payment, PaymentOrder } from '../../domain/payment.ts';
import { drawFate, type LocalPaymentSwitches } from '../../domain/payment-fate.ts';
import { insertLocalPayment } from '../../store/local-payments/insert-payment.ts';
import { type LocalPayment, listLocalPayments, readLocalPayment } from '../../store/local-payments/read-payments.ts';
import { readLocalCallback, signLocalCallback } from './local-callback.ts';
import type { PaymentProvider, RawCallback } from './payment-provider.ts';

/** What the local provider works with. */
export type LocalProviderOptions = {
  db: Database;
  switches: LocalPaymentSwitches;
  /** Secrets of its callbacks: the first signs, all are accepted. */
  secrets: readonly string[];
  nowMs: () => number;
};

/** The local provider, with the sending end of its callbacks. */
export type LocalProvider = PaymentProvider & {
  /** The callback of an event of a payment, signed now; undefined when the payment does not exist. */
  writeCallback(eventId: string, key: string): Promise<RawCallback | undefined>;
};

/** Its name. */
export const localProviderName = 'local';

/** The provider over the ledger's database, so that all replicas see the same payments. */
export function createLocalProvider({ db, switches, secrets, nowMs }: LocalProviderOptions): LocalProvider {
  const now = () => new Date(nowMs());
  return {
    name: localProviderName,
    async create(order, signal) {
      const isUnanswered = await makePayment(db, switches, order, nowMs());
      // As a connection that breaks after the request was carried out: nothing comes until the caller gives up.
      if (isUnanswered) {
        await pause(Number.POSITIVE_INFINITY, signal);
        throw new Error('the answer of the provider was lost');
      }
      const made = await readLocalPayment(db, now(), order.key);
      if (made === undefined) throw new Error('a payment of the local provider has vanished');
      return made;
    },
    lookUp: (key) => readLocalPayment(db, now(), key),
    async list({ sinceMs, cursor, limit }) {
      const after = cursor === '' ? { settleTime: new Date(sinceMs), paymentId: '' } : readCursor(cursor);
      const found = await listLocalPayments(db, now(), { after, limit: limit + 1 });
      const payments = found.slice(0, limit);
      const last = payments.at(-1);
      return { payments, nextCursor: found.length > limit && last !== undefined ? cursorAfter(last) : '' };
    },
    readCallback: (callback, timeMs) => readLocalCallback(callback, { secrets, nowMs: timeMs }),
    async writeCallback(eventId, key) {
      const payment: Payment | undefined = await readLocalPayment(db, now(), key);
      return payment && signLocalCallback({ eventId, payment }, { secret: secrets[0] ?? '', nowMs: nowMs() });
    },
  };
}

/** Makes the payment unless it is there; returns whether the caller gets no answer. */
async function makePayment(
  db: Database,
  switches: LocalPaymentSwitches,
  order: PaymentOrder,
  nowMs: number,
): Promise<boolean> {
  const fate = drawFate(switches, (name) => drawOf(switches.seed, order.key, name));
  const eventId = `evt_${hash('sha256', `event ${order.key}`).slice(0, 24)}`;
  const isMade = await insertLocalPayment(
    db,
    {
      ...order,
      paymentId: `pay_${hash('sha256', `payment ${order.key}`).slice(0, 24)}`,
      outcome: fate.outcome,
      createTime: new Date(nowMs),
      settleTime: new Date(nowMs + fate.delayMs),
    },
    // Deliveries of one event have one id, as a provider repeats it.
    fate.callbacksMs.map((afterMs) => ({ callbackId: uuidV7(nowMs), eventId, sendTime: new Date(nowMs + afterMs) })),
  );
  return isMade && fate.isUnanswered;
}

function drawOf(seed: number, key: string, name: string): number {
  return Number.parseInt(hash('sha256', `${seed} ${name} ${key}`).slice(0, 12), 16) / 2 ** 48;
}

function cursorAfter({ settleTime, paymentId }: LocalPayment): string {
  return `${settleTime.getTime()}/${paymentId}`;
}

function readCursor(cursor: string): { settleTime: Date; paymentId: string } {
  const [time, paymentId = ''] = cursor.split('/');
  return { settleTime: new Date(Number(time)), paymentId };
}
