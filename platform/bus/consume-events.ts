import { type DescMessage, fromBinary, type MessageShape } from '@bufbuild/protobuf';
import type { Database, Sql } from '#platform/postgres/sql.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';
import { runWithTrace, startTrace } from '#platform/telemetry/trace-context.ts';
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

/**
 * Handles a queue's events, each in one transaction with its inbox entry, so that an event takes effect once however often it
 * is delivered. What a handler throws is tried again, then set aside (see Subscription). Runs in the event's trace.
 */
export async function consumeEvents(options: {
  db: Database;
  bus: Bus;
  queue: string;
  handlers: EventHandlers;
  logger: Logger;
  metrics?: Metrics;
  attemptsMax?: number;
  concurrency?: number;
}): Promise<AsyncDisposable> {
  const { db, bus, queue, attemptsMax, concurrency } = options;
  const handlers = new Map(options.handlers.map((handler) => [handler.type, handler]));
  const handle = async (event: BusEvent) => {
    const handler = handlers.get(event.type);
    if (!handler) throw new UnprocessableEventError(`no handler for ${event.type}`);
    await db.transaction(async (tx) => {
      if (await enterInbox(tx, queue, event.id)) await handler.handle(event, tx);
    });
  };
  return bus.subscribe({
    queue,
    types: [...handlers.keys()],
    handle: (event) => runWithTrace(startTrace(event.traceparent), () => handle(event)),
    attemptsMax,
    concurrency,
  });
}

/**
 * As `consumeEvents`, for a consumer that does the work of many events at once: `handle` gets those of a page that are new to the queue, in
 * order, in one transaction with their inbox entries. When it throws, the events are handled one by one, so that a bad one harms no other.
 */
export async function consumeEventPages(options: {
  db: Database;
  bus: Bus;
  queue: string;
  types: string[];
  handle: (events: BusEvent[], tx: Sql) => Promise<void>;
  logger: Logger;
  metrics?: Metrics;
}): Promise<AsyncDisposable> {
  const { types, handle, ...rest } = options;
  const handlers = types.map((type) => ({ type, handle: (event: BusEvent, tx: Sql) => handle([event], tx) }));
  return consumeEvents({ ...rest, handlers });
}

/** Whether the event is new to the queue; waits for a transaction that is handling it. */
async function enterInbox(tx: Sql, queue: string, eventId: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    'INSERT INTO platform.inbox (queue, event_id) VALUES ($1, $2) ON CONFLICT DO NOTHING',
    [queue, eventId],
  );
  return rowCount === 1;
}

function decode<D extends DescMessage>(schema: D, event: BusEvent): MessageShape<D> {
  try {
    return fromBinary(schema, event.payload);
  } catch (cause) {
    throw new UnprocessableEventError(`the payload is no ${schema.typeName}`, { cause });
  }
}
