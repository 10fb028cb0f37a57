import type { Database } from '#platform/postgres/sql.ts';
import { runWorkerPool } from '#platform/queue/run-worker-pool.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import { backoffMs } from '#platform/time/pause.ts';
import type { LocalProvider } from '../clients/payments/local-provider.ts';
import type { RawCallback } from '../clients/payments/payment-provider.ts';
import {
  claimCallbacks,
  type DueCallback,
  deleteCallback,
  deliveriesMax,
  postponeCallback,
} from '../store/local-payments/callback-queue.ts';

const concurrencyMax = 8;
const leaseMs = 15_000;

/** What the sending end of the local provider works with. */
export type DeliveryOptions = {
  db: Database;
  provider: LocalProvider;
  /** Hands a callback to the receiver; rejects when that does not take it. */
  deliver: (callback: RawCallback) => Promise<void>;
  /** How often to look for due callbacks, in ms. */
  idleMs: number;
  nowMs: () => number;
  logger: Logger;
  signal: AbortSignal;
};

/** Sends the callbacks of the local provider when they are due, each up to 8 times, in any number of replicas, until the signal aborts. */
export async function deliverCallbacks(options: DeliveryOptions): Promise<void> {
  const { db, nowMs, idleMs, logger, signal } = options;
  await runWorkerPool<DueCallback>({
    name: 'local-callbacks',
    claim: (limit) => claimCallbacks(db, { limit, nowMs: nowMs(), leaseMs }),
    work: (callback) => deliverOne(options, callback),
    concurrencyMax,
    idleMs,
    signal,
    logger,
  });
}

async function deliverOne(
  { db, provider, deliver, nowMs, logger }: DeliveryOptions,
  { callbackId, eventId, key, attempts }: DueCallback,
): Promise<void> {
  try {
    const callback = await provider.writeCallback(eventId, key);
    if (callback !== undefined) await deliver(callback);
  } catch (error) {
    if (attempts < deliveriesMax) {
      await postponeCallback(db, callbackId, new Date(nowMs() + backoffMs(attempts - 1, 500, 60_000)));
      return;
    }
    logger.warn({ error, payment_key: key, attempts }, 'a callback of the local provider is given up');
  }
  await deleteCallback(db, callbackId);
}
