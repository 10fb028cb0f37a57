import { isUnavailable } from '#platform/postgres/failures.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';
import { backoffMs } from '#platform/time/pause.ts';
import { type BusEvent, type Subscription, UnprocessableEventError } from './bus.ts';

const errorLengthMax = 500;
/** A failure because a dependency is unreachable does not count as an attempt while the event is younger than this. */
const excusedAgeMaxMs = 24 * 3_600_000;
const retryDelayMs = 1_000;
const retryDelayMaxMs = 60_000;

/** An event to be handled now, and which attempt this is (the first is 1). */
export type Delivery = { event: BusEvent; attempt: number; publishTimeMs: number };

/**
 * The outcome of one attempt: `done`, `retry` after a delay, `dead` (a dead letter), or `release`: due again after the delay, without the
 * attempt being counted.
 */
export type Settlement = {
  delivery: Delivery;
  outcome: 'done' | 'retry' | 'dead' | 'release';
  delayMs: number;
  error: string;
};

/**
 * Handles deliveries, as a page and, where that fails, by halves down to single ones, so that a bad event harms no other; never rejects.
 * `unreachableMax` single events may fail because a part is unreachable while none was handled (0: not even the page): past that, or when
 * `signal` aborts between two halves, nothing is settled and the result is undefined. All are to be tried again then.
 */
export type AttemptPage = (deliveries: Delivery[], unreachableMax: number) => Promise<Settlement[] | undefined>;

/** Runs the subscription's handler. */
export function createAttempts(options: {
  subscription: Subscription;
  logger: Logger;
  metrics?: Metrics;
  signal: AbortSignal;
}): AttemptPage {
  const { subscription, logger, signal } = options;
  const { queue, attemptsMax = 8 } = subscription;
  const consumed = options.metrics?.counter({
    name: 'messaging_client_consumed_messages_total',
    help: 'Events taken from a queue, by outcome.',
    labels: ['messaging_destination_name', 'outcome'],
  });
  // An alert on growth does not see the growth with which a series begins.
  consumed?.inc({ messaging_destination_name: queue, outcome: 'dead' }, 0);

  const fail = (delivery: Delivery, error: unknown): Settlement => {
    const { event, attempt } = delivery;
    const settlement = settleFailure(delivery, error, attemptsMax);
    const { outcome } = settlement;
    logger.warn({ queue, event: event.id, type: event.type, attempt, outcome, error }, 'an event was not handled');
    return settlement;
  };
  const attemptPart = async (part: Delivery[], pass: Pass): Promise<Settlement[]> => {
    try {
      await subscription.handlePage(part.map(({ event }) => event));
      pass.isReachable = true;
      return part.map((delivery) => settle(delivery, 'done'));
    } catch (error) {
      if (isUnavailable(error)) noteUnreachable(pass, part.length, error);
      const [first] = part;
      if (first !== undefined && part.length === 1) return [fail(first, error)];
      logger.warn({ queue, events: part.length, error }, 'a page of events failed and is handled by halves');
      if (signal.aborted) throw new StoppedError('the consumer is closing', { cause: error });
      const middle = part.length >> 1;
      return [...(await attemptPart(part.slice(0, middle), pass)), ...(await attemptPart(part.slice(middle), pass))];
    }
  };

  return async (deliveries, unreachableMax) => {
    // An attempt is counted before it begins: more of them than allowed have ended their process.
    const [exhausted, others] = partition(deliveries, ({ attempt }) => attempt > attemptsMax);
    const settlements = exhausted.map((delivery) =>
      fail(delivery, new UnprocessableEventError('its consumer ended in the middle of each attempt')),
    );
    try {
      const pass = { isReachable: false, unreachable: 0, unreachableMax };
      if (others.length > 0) settlements.push(...(await attemptPart(others, pass)));
    } catch (error) {
      logger.warn(
        { queue, events: deliveries.length, error },
        'events wait: a part that they need is unreachable, or the consumer ends',
      );
      return undefined;
    }
    for (const [outcome, count] of countBy(settlements, (settlement) => settlement.outcome)) {
      consumed?.inc({ messaging_destination_name: queue, outcome }, count);
    }
    return settlements;
  };
}

/** What one pass over a page has met. */
type Pass = { isReachable: boolean; unreachable: number; unreachableMax: number };

class StoppedError extends Error {
  override name = 'StoppedError';
}

function noteUnreachable(pass: Pass, events: number, cause: unknown): void {
  if (pass.isReachable) return;
  if (events === 1) pass.unreachable += 1;
  if (pass.unreachableMax === 0 || pass.unreachable > pass.unreachableMax) {
    throw new StoppedError('a part is unreachable', { cause });
  }
}

function settle(
  delivery: Delivery,
  outcome: Settlement['outcome'],
  { delayMs = 0, error = '' }: { delayMs?: number; error?: string } = {},
): Settlement {
  return { delivery, outcome, delayMs, error };
}

function settleFailure(delivery: Delivery, cause: unknown, attemptsMax: number): Settlement {
  const { attempt, publishTimeMs } = delivery;
  const error = String(cause instanceof Error ? cause.message : cause).slice(0, errorLengthMax);
  if (isUnavailable(cause) && Date.now() - publishTimeMs < excusedAgeMaxMs) {
    return settle(delivery, 'release', { delayMs: retryDelayMs, error });
  }
  if (attempt >= attemptsMax || cause instanceof UnprocessableEventError) return settle(delivery, 'dead', { error });
  return settle(delivery, 'retry', { delayMs: backoffMs(attempt - 1, retryDelayMs, retryDelayMaxMs), error });
}

function partition<T>(items: T[], isFirst: (item: T) => boolean): [T[], T[]] {
  return [items.filter(isFirst), items.filter((item) => !isFirst(item))];
}

/** How many items have each key. */
export function countBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, number> {
  const counts = new Map<K, number>();
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1);
  return counts;
}
