import type { Logger } from '#platform/telemetry/logger.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';
import { backoffMs, pause } from '#platform/time/pause.ts';
import { createAttempts, type Settlement } from '../attempt.ts';
import type { Subscription } from '../bus.ts';
import { createPatience } from '../patience.ts';
import type { BrokerConnection } from './connection.ts';
import { foreign } from './foreign.ts';
import { inChannel } from './in-channel.ts';
import type { History, PageEvent, ReadMessage } from './message.ts';
import type { Publisher } from './publisher.ts';
import { publishSetAside, type SetAside } from './set-aside.ts';
import { declareQueue, names, type WaitSteps } from './topology.ts';

/** What handling events needs. */
export type PageWorkOptions = {
  connection: BrokerConnection;
  publisher: Publisher;
  steps: WaitSteps;
  subscription: Subscription;
  logger: Logger;
  metrics?: Metrics;
  /** Aborts when what is handled can no longer be acknowledged. */
  signal: AbortSignal;
};

/** The handling of messages that have arrived together. */
export type PageWork = {
  /** Most events of the messages handled together, unless one message has more. */
  readonly eventsMax: number;
  /** Resolves when every event was handled or set aside, so that the messages may be acknowledged; or when the signal aborts. */
  handle(messages: readonly ReadMessage[]): Promise<void>;
};

const defaultPageSizeMax = 500;

/** Handles pages of the queue's own size. */
export function createPageWork(options: PageWorkOptions): PageWork {
  const { subscription, signal } = options;
  const { queue, pageSizeMax = defaultPageSizeMax } = subscription;
  const isOwn = new Set(subscription.types);
  const attempt = createAttempts(options);
  const patience = createPatience();
  const setAside = createSetAside(options);

  /** Resolves to what is to be set aside; undefined when the page waits. */
  const attemptPage = async (page: readonly PageEvent[]): Promise<SetAside[] | undefined> => {
    const histories = new Map(page.map(({ event, history }) => [event.id, history]));
    const deliveries = page.map(({ event, history }) => ({ event, attempt: 1, publishTimeMs: history.publishTimeMs }));
    const settlements = await attempt(deliveries, patience.unreachableMax());
    return settlements?.flatMap((settlement) =>
      settlement.outcome === 'done' ? [] : [{ settlement, history: historyOf(settlement, histories) }],
    );
  };
  const handlePage = async (page: readonly PageEvent[]) => {
    while (!signal.aborted) {
      const aside = await attemptPage(page);
      if (aside === undefined) {
        await patience.wait(signal);
        continue;
      }
      patience.reset();
      return setAside(aside);
    }
  };
  return {
    eventsMax: pageSizeMax,
    async handle(messages) {
      const events = messages.flatMap(({ events: ofMessage = [], history }) =>
        ofMessage.map((event) => ({ event, history: { ...history, queue } })),
      );
      await dropUnreadable(options, messages);
      await setAside(events.filter(({ event }) => !isOwn.has(event.type)).map(foreign(options.steps)));
      const own = events.filter(({ event }) => isOwn.has(event.type));
      for (let start = 0; start < own.length && !signal.aborted; start += pageSizeMax) {
        await handlePage(own.slice(start, start + pageSizeMax));
      }
    },
  };
}

function historyOf({ delivery }: Settlement, histories: ReadonlyMap<string, History>): History {
  return histories.get(delivery.event.id) as History;
}

/** Publishes what is set aside, again and again until that succeeds or the signal aborts. */
export function createSetAside(options: PageWorkOptions): (events: SetAside[]) => Promise<void> {
  const { connection, publisher, steps, subscription, logger, signal } = options;
  return async (events) => {
    for (let failures = 0; events.length > 0 && !signal.aborted; failures += 1) {
      try {
        return await publishSetAside(publisher, steps, events);
      } catch (error) {
        logger.warn({ queue: subscription.queue, events: events.length, error }, 'events cannot be set aside yet');
        await pause(backoffMs(failures, 200, 5_000), signal);
        // A queue that is gone is the reason that the next try would meet as well.
        await inChannel(connection, (channel) => declareQueue(channel, subscription.queue)).catch(() => {});
      }
    }
  };
}

/** A message that is no page of events leads to nothing for any consumer: it is stored with the dropped letters. */
async function dropUnreadable(
  { publisher, subscription: { queue }, logger }: PageWorkOptions,
  messages: readonly ReadMessage[],
): Promise<void> {
  for (const { message, events } of messages) {
    if (events !== undefined) continue;
    logger.error({ queue, message: message.properties.messageId }, 'a message that is no page of events was dropped');
    const headers = { 'outcry-queue': queue, 'outcry-drop-reason': 'no page of events' };
    await publisher.publish([
      { exchange: '', routingKey: names.dropped, content: message.content, options: { headers } },
    ]);
  }
}
