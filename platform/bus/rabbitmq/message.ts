/** Events as messages of the broker. */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { timestampFromMs, timestampMs } from '@bufbuild/protobuf/wkt';
import type { Message, Options } from 'amqplib';
import { type Event, EventPageSchema, EventSchema } from '#gen/outcry/bus/v1/page_pb.ts';
import { isUuidV7 } from '#platform/ids/uuid-v7.ts';
import type { BusEvent } from '../bus.ts';
import type { OutgoingMessage } from './publisher.ts';
import { names } from './topology.ts';

/** What is known of an event that was not handled yet, in the headers of its message. */
export type History = {
  queue: string;
  /** Failed attempts. */
  attempts: number;
  lastError: string;
  /** Unix milliseconds; 0 before the first failure. */
  firstFailureTimeMs: number;
  lastFailureTimeMs: number;
  /** When the event was published. */
  publishTimeMs: number;
};

/** A message as it is read: `events` is undefined when it is no page of events. */
export type ReadMessage = { message: Message; events: BusEvent[] | undefined; history: History };

/** An event, and what is known of it. */
export type PageEvent = { event: BusEvent; history: History };

/** Most events of one message. */
const messageEventsMax = 100;

const keys = {
  traceparent: 'traceparent',
  queue: 'outcry-queue',
  attempts: 'outcry-attempts',
  error: 'outcry-last-error',
  firstFailure: 'outcry-first-failure-ms',
  lastFailure: 'outcry-last-failure-ms',
  published: 'outcry-published-ms',
} as const;

/** The messages of published events: pages, each of which reaches every queue that takes one of its types, once. */
export function pagesOf(events: readonly BusEvent[]): OutgoingMessage[] {
  const messages: OutgoingMessage[] = [];
  for (let start = 0; start < events.length; start += messageEventsMax) {
    const page = events.slice(start, start + messageEventsMax);
    const [routingKey = '', ...others] = new Set(page.map(({ type }) => type));
    const message = messageTo(page, { exchange: names.events, routingKey, headers: published(Date.now()) });
    // The broker routes by each of them, and gives a queue one copy.
    if (others.length > 0) message.options.CC = others;
    messages.push(message);
  }
  return messages;
}

/** The same events for one queue, as when they were published. */
export function pageFor(queue: string, events: readonly BusEvent[], publishTimeMs: number): OutgoingMessage {
  return messageTo(events, { exchange: '', routingKey: names.queue(queue), headers: published(publishTimeMs) });
}

/** One event with its history. */
export function singleMessage(
  event: BusEvent,
  history: History,
  to: { exchange: string; routingKey: string; expirationMs?: number },
): OutgoingMessage {
  const message = messageTo([event], { ...to, headers: toHeaders(history) });
  if (to.expirationMs !== undefined) message.options.expiration = String(Math.ceil(to.expirationMs));
  return message;
}

/** Reads a message; whatever is in it, this does not throw. */
export function readMessage(message: Message): ReadMessage {
  return { message, events: readEvents(message.content), history: toHistory(message) };
}

/** How often a queue has delivered the message before, without an end. */
export function unfinishedDeliveries({ properties }: Message): number {
  return numberOf(properties.headers?.['x-delivery-count']);
}

function messageTo(
  events: readonly BusEvent[],
  { exchange, routingKey, headers }: { exchange: string; routingKey: string; headers: Record<string, unknown> },
): OutgoingMessage {
  const page = create(EventPageSchema, { events: events.map(toMessage) });
  const options: Options.Publish = {
    contentType: 'application/x-protobuf',
    type: EventPageSchema.typeName,
    headers: { ...headers, ...traceOf(events) },
  };
  return { exchange, routingKey, content: Buffer.from(toBinary(EventPageSchema, page)), options };
}

/** The trace of a page whose events share one; otherwise each event has its own in the body. */
function traceOf(events: readonly BusEvent[]): Record<string, string> {
  const traceparent = events[0]?.traceparent ?? '';
  const isShared = traceparent !== '' && events.every((event) => event.traceparent === traceparent);
  return isShared ? { [keys.traceparent]: traceparent } : {};
}

function published(timeMs: number): Record<string, unknown> {
  return { [keys.published]: timeMs };
}

function toHeaders(history: History): Record<string, unknown> {
  return {
    [keys.queue]: history.queue,
    [keys.attempts]: history.attempts,
    [keys.error]: history.lastError,
    [keys.firstFailure]: history.firstFailureTimeMs,
    [keys.lastFailure]: history.lastFailureTimeMs,
    [keys.published]: history.publishTimeMs,
  };
}

function toHistory({ properties: { headers = {} } }: Message): History {
  return {
    queue: String(headers[keys.queue] ?? ''),
    attempts: numberOf(headers[keys.attempts]),
    lastError: String(headers[keys.error] ?? ''),
    firstFailureTimeMs: numberOf(headers[keys.firstFailure]),
    lastFailureTimeMs: numberOf(headers[keys.lastFailure]),
    publishTimeMs: numberOf(headers[keys.published]) || Date.now(),
  };
}

function numberOf(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : 0;
}

function toMessage({ id, type, key, payload, timeMs, traceparent }: BusEvent) {
  const eventTime = timestampFromMs(Math.round(timeMs));
  return create(EventSchema, { eventId: id, type, key, payload, eventTime, traceparent });
}

function readEvents(content: Buffer): BusEvent[] | undefined {
  try {
    const { events } = fromBinary(EventPageSchema, content);
    return events.every(isWhole) ? events.map(toBusEvent) : undefined;
  } catch {
    return undefined;
  }
}

function isWhole({ eventId, type, eventTime }: Event): boolean {
  return isUuidV7(eventId) && type !== '' && eventTime !== undefined;
}

function toBusEvent({ eventId, type, key, payload, eventTime, traceparent }: Event): BusEvent {
  return { id: eventId, type, key, payload, timeMs: eventTime ? timestampMs(eventTime) : 0, traceparent };
}
