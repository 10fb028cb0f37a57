import { isUnavailable } from '#platform/postgres/failures.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';
import { backoffMs } from '#platform/time/pause.ts';
import { type Subscription, UnprocessableEventError } from '../bus.ts';
import type { Delivery } from './claim-deliveries.ts';
import type { Settlement } from './settle-deliveries.ts';

const errorLengthMax = 500;
/** A failure because a dependency is unreachable does not count as an attempt while the event is younger than this. */
const excusedAgeMaxMs = 24 * 3_600_000;
const retryDelayMs = 1_000;
const retryDelayMaxMs = 60_000;

/** Runs the subscription's handler for a delivery and resolves to its settlement; never rejects. */
export function createAttempt(options: {
  subscription: Subscription;
  logger: Logger;
  metrics?: Metrics;
}): (delivery: Delivery) => Promise<Settlement> {
  const { logger, subscription } = options;
  const { queue, handle, attemptsMax = 8 } = subscription;
  const consumed = options.metrics?.counter({
    name: 'messaging_client_consumed_messages_total',
    help: 'Events taken from a queue, by outcome.',
    labels: ['queue', 'outcome'],
  });
  return async (delivery) => {
    const { event, attempt } = delivery;
    let settlement = settle(queue, delivery, 'done');
    try {
      if (attempt > attemptsMax) throw new UnprocessableEventError('its consumer ended in the middle of each attempt');
      await handle(event);
    } catch (error) {
      settlement = settleFailure(queue, delivery, error, attemptsMax);
      const { outcome } = settlement;
      logger.warn({ queue, event: event.id, type: event.type, attempt, outcome, error }, 'an event was not handled');
    }
    consumed?.inc({ queue, outcome: settlement.outcome });
    return settlement;
  };
}

/** The settlement of a delivery; `delayMs` is when it is due again. */
export function settle(
  queue: string,
  { event, attempt }: Delivery,
  outcome: Settlement['outcome'],
  { delayMs = 0, error = '' }: { delayMs?: number; error?: string } = {},
): Settlement {
  return { queue, eventId: event.id, attempt, outcome, delayMs, error };
}

function settleFailure(queue: string, delivery: Delivery, cause: unknown, attemptsMax: number): Settlement {
  const { attempt, publishTimeMs } = delivery;
  const error = String(cause instanceof Error ? cause.message : cause).slice(0, errorLengthMax);
  if (isUnavailable(cause) && Date.now() - publishTimeMs < excusedAgeMaxMs) {
    return settle(queue, delivery, 'release', { delayMs: retryDelayMs, error });
  }
  if (attempt >= attemptsMax || cause instanceof UnprocessableEventError) {
    return settle(queue, delivery, 'dead', { error });
  }
  return settle(queue, delivery, 'retry', { delayMs: backoffMs(attempt - 1, retryDelayMs, retryDelayMaxMs), error });
}
