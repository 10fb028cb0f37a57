import { createBatcher } from '#platform/batch/batcher.ts';
import { createFeedWake } from '#platform/feed/wake.ts';
import { backoffMs, pause } from '#platform/postgres/backoff.ts';
import { isUnavailable } from '#platform/postgres/failures.ts';
import type { Database } from '#platform/postgres/sql.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';
import { type Subscription, UnprocessableEventError } from '../bus.ts';
import { claimDeliveries, claimTimeoutMs, type Delivery, readNextDueMs } from './claim-deliveries.ts';
import { queueChannel } from './publish-events.ts';
import { type Settlement, settleDeliveries } from './settle-deliveries.ts';

const pollMs = 5_000;
const errorLengthMax = 500;
/** Failing because a part is unreachable costs no attempt for so long. */
const unavailableAgeMaxMs = 24 * 3_600_000;

/**
 * Handles a queue's events until disposed. Woken by NOTIFY; looks by itself when a retry is due and every five seconds. Takes
 * at most eight events ahead for each one it handles at a time. Disposing finishes what has begun and gives back the rest.
 */
export async function startConsumer(options: {
  db: Database;
  subscription: Subscription;
  logger: Logger;
  metrics?: Metrics;
}): Promise<AsyncDisposable> {
  const { db, subscription, logger } = options;
  const { queue, types, concurrency = 4 } = subscription;
  const claimedMax = concurrency * 8;
  const closing = new AbortController();
  const wake = createFeedWake();
  const settler = createBatcher<Settlement, undefined>({
    name: `settle ${queue}`,
    itemsMax: 500,
    queueLengthMax: claimedMax * 2,
    flush: async (settlements) => {
      await settleDeliveries(db, settlements);
      return settlements.map(() => undefined);
    },
  });
  const lanes = Array.from({ length: concurrency }, () => Promise.resolve());
  let inFlight = 0;
  let pauseUntilMs = 0;
  let pauses = 0;

  const attempt = createAttempt(subscription, options.metrics, logger);
  const work = async (delivery: Delivery, claimTimeMs: number) => {
    try {
      // What waited too long in its lane may have been claimed by another consumer: leave it.
      if (performance.now() - claimTimeMs > claimTimeoutMs / 2) return;
      const settlement = closing.signal.aborted ? release(queue, delivery) : await attempt(delivery);
      if (settlement.outcome === 'done') pauses = 0;
      else if (settlement.outcome === 'release') pauseUntilMs = performance.now() + backoffMs(pauses++, 500, 5_000);
      await settler.submit(settlement);
    } catch (error) {
      logger.warn({ queue, error }, 'the outcome of an event could not be recorded; it will be delivered again');
    } finally {
      inFlight -= 1;
      if (inFlight <= claimedMax / 2) wake.notify();
    }
  };
  const dispatch = (deliveries: Delivery[]) => {
    const claimTimeMs = performance.now();
    for (const delivery of deliveries) {
      inFlight += 1;
      const lane = laneOf(delivery.event.key, concurrency);
      lanes[lane] = (lanes[lane] as Promise<void>).then(() => work(delivery, claimTimeMs));
    }
  };

  const claimNext = async (): Promise<number> => {
    const pausedMs = pauseUntilMs - performance.now();
    if (pausedMs > 0) return pausedMs;
    const limit = claimedMax - inFlight;
    if (limit < claimedMax / 2) return pollMs;
    const deliveries = await claimDeliveries(db, queue, types, limit);
    dispatch(deliveries);
    if (deliveries.length === limit) return 0;
    return deliveries.length > 0 ? 0 : readNextDueMs(db, queue, types, pollMs);
  };
  const run = async () => {
    for (let failures = 0; !closing.signal.aborted; ) {
      const idle = new AbortController();
      const woken = wake.wait(AbortSignal.any([idle.signal, closing.signal]));
      try {
        const waitMs = await claimNext();
        failures = 0;
        // At least 20 ms: an event that is due but held by another consumer's lock must not be asked for in a tight loop.
        if (waitMs > 0) await Promise.race([woken, pause(Math.max(20, waitMs), idle.signal)]);
      } catch (error) {
        logger.warn({ queue, error }, 'the queue cannot be read at the moment');
        await pause(backoffMs(failures++, 200, 5_000), closing.signal);
      } finally {
        idle.abort();
      }
    }
  };

  const listening = await db.listen(queueChannel(queue), () => wake.notify());
  const running = run();
  return {
    async [Symbol.asyncDispose]() {
      closing.abort();
      await running;
      await Promise.all(lanes);
      await settler[Symbol.asyncDispose]();
      await listening[Symbol.asyncDispose]();
    },
  };
}

function createAttempt(subscription: Subscription, metrics: Metrics | undefined, logger: Logger) {
  const { queue, handle, attemptsMax = 8 } = subscription;
  const consumed = metrics?.counter({
    name: 'messaging_client_consumed_messages_total',
    help: 'Events taken from a queue, by outcome.',
    labels: ['queue', 'outcome'],
  });
  return async (delivery: Delivery): Promise<Settlement> => {
    const { event, attempt, publishTimeMs } = delivery;
    let settlement: Settlement;
    try {
      if (attempt > attemptsMax) throw new UnprocessableEventError('its consumer ended in the middle of each attempt');
      await handle(event);
      settlement = settle(queue, delivery, 'done', 0, '');
    } catch (error) {
      const text = String(error instanceof Error ? error.message : error).slice(0, errorLengthMax);
      const excused = isUnavailable(error) && Date.now() - publishTimeMs < unavailableAgeMaxMs;
      const last = attempt >= attemptsMax || error instanceof UnprocessableEventError;
      if (excused) settlement = settle(queue, delivery, 'release', backoffMs(0, 1_000, 1_000), text);
      else if (last) settlement = settle(queue, delivery, 'dead', 0, text);
      else settlement = settle(queue, delivery, 'retry', backoffMs(attempt - 1, 1_000, 60_000), text);
      const { outcome } = settlement;
      logger.warn({ queue, event: event.id, type: event.type, attempt, outcome, error }, 'an event was not handled');
    }
    consumed?.inc({ queue, outcome: settlement.outcome });
    return settlement;
  };
}

function settle(
  queue: string,
  { event, attempt }: Delivery,
  outcome: Settlement['outcome'],
  delayMs: number,
  error: string,
): Settlement {
  return { queue, eventId: event.id, attempt, outcome, delayMs, error };
}

function release(queue: string, delivery: Delivery): Settlement {
  return settle(queue, delivery, 'release', 0, '');
}

function laneOf(key: string, lanes: number): number {
  let hash = 0;
  for (let index = 0; index < key.length; index += 1) hash = (Math.imul(hash, 31) + key.charCodeAt(index)) | 0;
  return Math.abs(hash % lanes);
}
