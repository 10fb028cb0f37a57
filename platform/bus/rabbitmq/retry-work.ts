import { createAttempts, type Settlement } from '../attempt.ts';
import { stoppedDelayMs, unreachableMax } from '../patience.ts';
import type { Deliveries } from './deliveries.ts';
import { foreign } from './foreign.ts';
import { type PageEvent, type ReadMessage, unfinishedDeliveries } from './message.ts';
import { createSetAside, type PageWorkOptions } from './page-work.ts';
import { dueMessage } from './set-aside.ts';

/** The handling of events that are due to be tried again. */
export type RetryWork = {
  /** Handles at most `countMax` messages; resolves to how many there were. */
  handleDue(deliveries: Deliveries, countMax: number): Promise<number>;
};

/**
 * Handles retries one at a time, and takes the next only then: an attempt is counted before it begins, by the broker's count of deliveries,
 * and that of no other event must count when one of them ends the process.
 */
export function createRetryWork(options: PageWorkOptions): RetryWork {
  const { publisher, steps, subscription, signal } = options;
  const isOwn = new Set(subscription.types);
  const attempt = createAttempts(options);
  const setAside = createSetAside(options);

  const attemptOne = async ({ event, history }: PageEvent, unfinished: number): Promise<void> => {
    if (!isOwn.has(event.type)) return setAside([foreign(steps)({ event, history })]);
    const delivery = { event, attempt: history.attempts + unfinished + 1, publishTimeMs: history.publishTimeMs };
    const stopped: Settlement = { delivery, outcome: 'release', delayMs: stoppedDelayMs, error: '' };
    const [settlement = stopped] = (await attempt([delivery], unreachableMax)) ?? [stopped];
    if (settlement.outcome !== 'done') await setAside([{ settlement, history }]);
  };
  const handle = async ({ message, events = [], history }: ReadMessage): Promise<void> => {
    const pages = events.map((event) => ({ event, history: { ...history, queue: subscription.queue } }));
    const [first] = pages;
    if (first === undefined) return;
    if (pages.length === 1) return attemptOne(first, unfinishedDeliveries(message));
    // A page that has ended its process time and again.
    await publisher.publish(pages.map(({ event, history: ofEvent }) => dueMessage(event, ofEvent)));
  };
  return {
    async handleDue(deliveries, countMax) {
      for (let count = 0; count < countMax; count += 1) {
        const message = signal.aborted ? undefined : await deliveries.takeRetry();
        if (message === undefined) return count;
        await handle(message);
        if (!signal.aborted) deliveries.acknowledge([message]);
      }
      return countMax;
    },
  };
}
