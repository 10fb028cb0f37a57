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
export type DeadLetter = { event: BusEvent; attempts: number; lastError: string; deadTimeMs: number };

/** The dead letters of the queues. */
export type DeadLetters = {
  /** Oldest first; `pageSize` 1 to 100. An empty `nextPageToken` ends the list. */
  list(
    queue: string,
    pageSize: number,
    pageToken: string,
  ): Promise<{ deadLetters: DeadLetter[]; nextPageToken: string }>;
  /** Puts the named events (at most 1,000) back into their queue with all attempts; returns how many there were. */
  redrive(queue: string, ids: string[]): Promise<number>;
};

/** Carries events from services to queues: at least once, without a promise of order. */
export type Bus = AsyncDisposable & {
  /** Resolves when the events are stored durably for every subscribed queue. Publishing an id again has no effect. */
  publish(events: BusEvent[]): Promise<void>;
  /** Makes the queue when it is new, and handles its events until disposed. Waits until the bus can be reached. */
  subscribe(subscription: Subscription): Promise<AsyncDisposable>;
  deadLetters: DeadLetters;
};

/** Thrown by a handler for an event that no attempt can handle: handled by itself, it becomes a dead letter at once. */
export class UnprocessableEventError extends Error {
  override name = 'UnprocessableEventError';
}
