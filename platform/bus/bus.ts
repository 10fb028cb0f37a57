/** A fact that a service publishes to its subscribers. */
export type BusEvent = {
  /** UUIDv7, made by the publisher: what it and every consumer deduplicate by. */
  id: string;
  /** Full name of the payload's message, e.g. `outcry.order.v1.OrderFilled`. */
  type: string;
  /** What the event is about, e.g. an account id. Events of one key mostly arrive in order, without a guarantee. */
  key: string;
  payload: Uint8Array;
  /** When it happened, Unix milliseconds. */
  timeMs: number;
  /** W3C trace context of the change that caused the event; empty when there is none. */
  traceparent: string;
};

/** Which events a queue gets and who handles them. */
export type Subscription = {
  /** `<service>.<purpose>` in lower case: replicas that name the same queue share its events. */
  queue: string;
  types: string[];
  /**
   * Handles events in the order of publishing, as a rule many that waited together; pages of one queue come one after another. Resolves when
   * all have taken effect; an event may come more than once. When it rejects, none has, and the bus hands smaller parts of the page over,
   * down to single events.
   */
  handlePage: (events: BusEvent[]) => Promise<void>;
  /** Failed attempts after which an event is set aside as a dead letter, default 8 (about two minutes). */
  attemptsMax?: number;
  /** Most events of a page, default 500. */
  pageSizeMax?: number;
};

/** An event that a queue's consumers failed to handle. */
export type DeadLetter = {
  queue: string;
  event: BusEvent;
  attempts: number;
  /** The reason of the last attempt's failure, at most 500 characters. */
  lastError: string;
  /** Unix milliseconds; 0 when it is not known. */
  firstFailureTimeMs: number;
  deadTimeMs: number;
};

/** Dead letters by the ids of their events, at most 1,000 of them; `all` is the oldest 1,000. */
export type DeadLetterIds = string[] | 'all';

/** The dead letters of the queues. An empty `queue` stands for every queue. */
export type DeadLetters = {
  /** Oldest first; `pageSize` 1 to 100. An empty `nextPageToken` ends the list. */
  list(
    queue: string,
    pageSize: number,
    pageToken: string,
  ): Promise<{ deadLetters: DeadLetter[]; nextPageToken: string }>;
  /** Those of one event. */
  find(queue: string, id: string): Promise<DeadLetter[]>;
  /** Puts events back into their queues with all attempts; returns how many there were. */
  redrive(queue: string, ids: DeadLetterIds): Promise<number>;
  /** Takes events away for good; they are stored with the reason for 30 days. Returns how many there were. */
  drop(queue: string, ids: DeadLetterIds, reason: string): Promise<number>;
};

/** Carries events from services to queues: at least once, without a promise of order. */
export type Bus = AsyncDisposable & {
  /**
   * Resolves when the events are stored durably for every subscribed queue. Rejects while the bus is away, or refuses: they are to be
   * published again. Consumers recognise by their inboxes what was published twice.
   */
  publish(events: BusEvent[]): Promise<void>;
  /**
   * Makes the queue when it is new, and handles its events until disposed. A new queue gets the latest events of its types. Waits for a
   * database of the bus, and for no broker: while that is away, the subscription begins in the background.
   */
  subscribe(subscription: Subscription): Promise<AsyncDisposable>;
  /**
   * Which of at most 5,000 events, by their ids, a queue has not handled: it will read them or try them again, or they were set aside as
   * dead letters or dropped. Undefined on a bus that cannot be searched.
   */
  findWaiting(queue: string, ids: readonly string[]): Promise<Set<string> | undefined>;
  deadLetters: DeadLetters;
};

/** Thrown by a handler for an event that no attempt can handle: handled by itself, it becomes a dead letter at once. */
export class UnprocessableEventError extends Error {
  override name = 'UnprocessableEventError';
}

/** Most events that are published at a time. */
export const publishedEventsMax = 1_000;

const foundEventsMax = 5_000;

const queueName = /^[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*)+$/;
const queueLengthMax = 50;

/** Throws RangeError for a name of a queue that is not `<service>.<purpose>` in lower case, at most 50 characters. */
export function requireQueueName(queue: string): void {
  if (!queueName.test(queue) || queue.length > queueLengthMax) throw new RangeError(`bad queue name: ${queue}`);
}

/** Throws RangeError for more events than are published at a time. */
export function requirePublishable(events: readonly BusEvent[]): void {
  if (events.length > publishedEventsMax) {
    throw new RangeError(`at most ${publishedEventsMax} events are published at a time`);
  }
}

/** Throws RangeError for more ids than are looked for at a time. */
export function requireFindable(ids: readonly string[]): void {
  if (ids.length > foundEventsMax) throw new RangeError(`at most ${foundEventsMax} events are looked for at a time`);
}
