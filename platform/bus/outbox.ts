import { create, type DescMessage, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { plainArray, textArray } from '#platform/postgres/columns.ts';
import { afterCommit, type Sql } from '#platform/postgres/sql.ts';
import { traceparentOf } from '#platform/telemetry/trace-context.ts';
import { packPayloads } from './pack-payloads.ts';

/** An event on its way into the outbox. */
export type OutboxEvent = { id: string; type: string; key: string; payload: Uint8Array; traceparent: string };

/** What an event is about, and its id where it has to be known: UUID text, by default a new UUIDv7. */
export type EventOptions = { key: string; id?: string };

const relays = new Set<() => void>();

/** The event of a message, for `enqueueEvents`. */
export function outboxEvent<D extends DescMessage>(
  schema: D,
  init: MessageInitShape<D>,
  { key, id = uuidV7() }: EventOptions,
): OutboxEvent {
  const payload = toBinary(schema, create(schema, init));
  return { id, type: schema.typeName, key, payload, traceparent: traceparentOf() };
}

/** Writes the event of a message into the outbox, in the transaction of the change that it reports. */
export async function enqueueEvent<D extends DescMessage>(
  tx: Sql,
  schema: D,
  init: MessageInitShape<D>,
  options: EventOptions,
): Promise<void> {
  await enqueueEvents(tx, [outboxEvent(schema, init, options)]);
}

/** Writes any number of events with one statement. */
export async function enqueueEvents(tx: Sql, events: OutboxEvent[]): Promise<void> {
  if (events.length === 0) return;
  await tx.query(enqueueSql(1), enqueueValues(events));
  wakeOutbox(tx);
}

/** The statement that writes events, to be part of another one: its seven parameters begin with the number `first`. */
export function enqueueSql(first: number): string {
  const $ = (index: number) => `$${first + index}`;
  return `INSERT INTO platform.outbox (id, type, key, payload, traceparent)
    SELECT id, type, key, substring(${$(3)}::bytea FROM start FOR length), traceparent
    FROM unnest(${$(0)}::uuid[], ${$(1)}::text[], ${$(2)}::text[], ${$(4)}::int[], ${$(5)}::int[], ${$(6)}::text[])
      WITH ORDINALITY AS event (id, type, key, start, length, traceparent, position)
    ORDER BY position`;
}

/** The parameters of `enqueueSql`. */
export function enqueueValues(events: readonly OutboxEvent[]): unknown[] {
  const { bytes, starts, lengths } = packPayloads(events);
  return [
    plainArray(events.map(({ id }) => id)),
    plainArray(events.map(({ type }) => type)),
    textArray(events.map(({ key }) => key)),
    bytes,
    starts,
    lengths,
    textArray(events.map(({ traceparent }) => traceparent)),
  ];
}

/** Wakes this process's relay as soon as `tx`, which has written events, has committed, rather than at its next poll. */
export function wakeOutbox(tx: Sql): void {
  // In memory and not by NOTIFY: commits with a NOTIFY queue up behind one lock of the whole server.
  afterCommit(tx, () => {
    for (const wake of relays) wake();
  });
}

/** Calls `wake` after each commit of this process that wrote events, until the function returned is called. */
export function onOutboxCommit(wake: () => void): () => void {
  relays.add(wake);
  return () => relays.delete(wake);
}
