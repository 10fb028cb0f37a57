import { type DescMessage, fromBinary, type MessageShape } from '@bufbuild/protobuf';
import type { Database, Sql } from '#platform/postgres/sql.ts';
import { inGroup } from '#platform/telemetry/group-span.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';
import { isTracing, SpanKind } from '#platform/telemetry/spans.ts';
import { runWithTrace, startTrace, traceNamedBy } from '#platform/telemetry/trace-context.ts';
import { type Bus, type BusEvent, UnprocessableEventError } from './bus.ts';

/** What a consumer does with one type of event: its effect belongs into `tx`. */
export type EventHandler = {
  type: string;
  handle: (event: BusEvent, tx: Sql) => Promise<void>;
};

/** The handlers of a queue, one for each type that it takes. */
export type EventHandlers = EventHandler[];

/** A handler for the events whose payload is `schema`. */
export function on<D extends DescMessage>(
  schema: D,
  handle: (message: MessageShape<D>, tx: Sql, event: BusEvent) => Promise<void>,
): EventHandler {
  return {
    type: schema.typeName,
    handle: (event, tx) => handle(decode(schema, event), tx, event),
  };
}

type ConsumerOptions = {
  db: Database;
  bus: Pick<Bus, 'subscribe'>;
  queue: string;
  logger: Logger;
  metrics?: Metrics;
  attemptsMax?: number;
  /** Most events of one transaction, default 500. */
  pageSizeMax?: number;
};

/**
 * Handles a queue's events, those that wait in one transaction with their inbox entries, one after another, so that an event takes effect
 * once however often it is delivered. When one throws, they are handled again in smaller parts, down to single events; what fails by itself
 * is tried again, then set aside (see Subscription). Each runs in its event's trace.
 */
export async function consumeEvents(options: ConsumerOptions & { handlers: EventHandlers }): Promise<AsyncDisposable> {
  const handlers = new Map(options.handlers.map((handler) => [handler.type, handler]));
  const handleOne = async (event: BusEvent, tx: Sql) => {
    const handler = handlers.get(event.type);
    if (!handler) throw new UnprocessableEventError(`no handler for ${event.type}`);
    await inTraces(options.queue, [event], () => handler.handle(event, tx));
  };
  return subscribePages(options, [...handlers.keys()], async (events, tx) => {
    for (const event of events) await handleOne(event, tx);
  });
}

/**
 * As `consumeEvents`, for a consumer that does the work of many events at once: `handle` gets those of a page that are new to the queue, in
 * order, in one transaction with their inbox entries, and may be called again with parts of them when it throws. A lone event runs in its
 * trace, several in one of their own.
 */
export async function consumeEventPages(
  options: ConsumerOptions & { types: string[]; handle: (events: BusEvent[], tx: Sql) => Promise<void> },
): Promise<AsyncDisposable> {
  const { types, handle } = options;
  return subscribePages(options, types, (events, tx) => inTraces(options.queue, events, () => handle(events, tx)));
}

/** Runs `work` in the trace of a lone event; for several, and where spans are recorded, in a group of their traces. */
function inTraces(queue: string, events: readonly BusEvent[], work: () => Promise<void>): Promise<void> {
  if (!isTracing()) {
    return runWithTrace(startTrace(events.length === 1 ? events[0]?.traceparent : undefined), work);
  }
  const attributes = { 'messaging.system': 'outcry', 'messaging.batch.message_count': events.length };
  const span = { name: `process ${queue}`, kind: SpanKind.CONSUMER, attributes };
  const traces = events
    .filter(({ traceparent }) => traceparent !== '')
    .map(({ traceparent }) => traceNamedBy(traceparent));
  return inGroup(span, traces, work);
}

async function subscribePages(
  { db, bus, queue, attemptsMax, pageSizeMax }: ConsumerOptions,
  types: string[],
  handle: (events: BusEvent[], tx: Sql) => Promise<void>,
): Promise<AsyncDisposable> {
  const handlePage = (events: BusEvent[]) =>
    db.transaction(async (tx) => {
      const fresh = await enterInbox(tx, queue, events);
      if (fresh.length > 0) await handle(fresh, tx);
    });
  return bus.subscribe({ queue, types, handlePage, attemptsMax, pageSizeMax });
}

/** The events that are new to the queue; waits for a transaction that is handling one of them. */
async function enterInbox(tx: Sql, queue: string, events: BusEvent[]): Promise<BusEvent[]> {
  const { rows } = await tx.query<{ event_id: string }>(
    `INSERT INTO platform.inbox (queue, event_id) SELECT $1, event_id FROM unnest($2::uuid[]) AS event_id
     ON CONFLICT DO NOTHING RETURNING event_id`,
    [queue, events.map(({ id }) => id)],
  );
  if (rows.length === events.length) return events;
  const fresh = new Set(rows.map(({ event_id }) => event_id));
  return events.filter(({ id }) => fresh.delete(id));
}

function decode<D extends DescMessage>(schema: D, event: BusEvent): MessageShape<D> {
  try {
    return fromBinary(schema, event.payload);
  } catch (cause) {
    throw new UnprocessableEventError(`the payload is no ${schema.typeName}`, { cause });
  }
}
