import { backoffMs, pause } from '#platform/time/pause.ts';
import { bindQueue } from './bind-queue.ts';
import type { BrokerLink } from './broker-link.ts';
import { NoAnswerError } from './connection.ts';
import { openDeliveries } from './deliveries.ts';
import { createPageWork, type PageWorkOptions } from './page-work.ts';
import { createRetryWork } from './retry-work.ts';
import { names } from './topology.ts';

type ConsumerOptions = Omit<PageWorkOptions, 'signal' | 'connection'> & {
  link: BrokerLink;
  /** How often an idle consumer looks for events that are due to be tried again, in ms. */
  retryPollMs: number;
};

/** Retries between two pages, at most. */
const retriesPerPage = 20;
/** Attempts, each of 5 s at least, to read a queue of a broker that answers otherwise, before the alarm; those of a minute ago are over. */
const unansweredMax = 3;
const unansweredAgeMaxMs = 60_000;

/**
 * Handles a queue's events until disposed. Resolves when the queue is bound, or when the broker could not be reached at the first try:
 * further ones are made in the background, after 100 ms up to 5 s. Disposing finishes the page in progress.
 */
export async function startConsumer(options: ConsumerOptions): Promise<AsyncDisposable> {
  const { subscription, logger } = options;
  const { queue } = subscription;
  const closing = new AbortController();
  const begun = Promise.withResolvers<void>();
  const run = async () => {
    const alarm = createAlarm(options);
    for (let failures = 0; !closing.signal.aborted; ) {
      try {
        await consume(options, closing.signal, () => {
          failures = 0;
          begun.resolve();
        });
      } catch (error) {
        logger.warn({ queue, error, failures }, 'the queue cannot be read at the moment');
        if (isUnanswered(error)) alarm();
      }
      begun.resolve();
      if (!closing.signal.aborted) await pause(backoffMs(failures++, 100, 5_000), closing.signal);
    }
  };
  const running = run();
  await begun.promise;
  return {
    async [Symbol.asyncDispose]() {
      closing.abort();
      await running;
    },
  };
}

/** Reads the queue until the connection or the queue is lost or the signal aborts. */
async function consume(options: ConsumerOptions, closing: AbortSignal, onBegin: () => void): Promise<void> {
  const { link, subscription, retryPollMs } = options;
  const connection = await link.open();
  await bindQueue({ ...options, connection }, subscription);
  await using deliveries = await openDeliveries(connection, subscription.queue, closing);
  onBegin();
  const { signal } = deliveries;
  const work = { ...options, connection, signal };
  const pages = createPageWork(work);
  const retries = createRetryWork(work);
  while (!signal.aborted) {
    const messages = deliveries.take(pages.eventsMax);
    if (messages.length > 0) {
      await pages.handle(messages);
      if (signal.aborted) return;
      deliveries.acknowledge(messages);
    }
    const count = await retries.handleDue(deliveries, retriesPerPage);
    if (messages.length === 0 && count === 0) await deliveries.wait(retryPollMs);
  }
}

function isUnanswered(error: unknown): boolean {
  return error instanceof Error && error.cause instanceof NoAnswerError;
}

/** Only a person knows whether nodes of the broker are missing, which bring the queue back as it was, or all are there and it is lost. */
function createAlarm({ logger, subscription }: ConsumerOptions): () => void {
  const queues = [names.queue(subscription.queue), names.retry(subscription.queue)];
  let count = 0;
  let lastTimeMs = 0;
  return () => {
    const nowMs = performance.now();
    count = nowMs - lastTimeMs < unansweredAgeMaxMs ? count + 1 : 1;
    lastTimeMs = nowMs;
    if (count < unansweredMax) return;
    logger.error(
      { queue: subscription.queue, queues },
      'the broker answers, but not for this queue, and what is published to it waits: if all nodes are there, one of its queues has no leader and must be deleted (rabbitmqctl delete_queue); it is then made anew with what the log has',
    );
  };
}
