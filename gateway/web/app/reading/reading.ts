/** What is known of something that is read from the server: its last value, and whether the last attempt failed. */
import type { Failure } from '../rpc/failure.ts';

/** A value that is read, and read again. A failure leaves the last value, which is then old. */
export type Reading<Value> = { value: Value | undefined; failure: Failure | undefined; isReading: boolean };

/** What happens to it. */
export type ReadingEvent<Value> =
  | { kind: 'begun' }
  | { kind: 'read'; value: Value }
  | { kind: 'failed'; failure: Failure }
  | { kind: 'reset' };

/** Nothing read yet. */
export function unread<Value>(): Reading<Value> {
  return { value: undefined, failure: undefined, isReading: false };
}

/** The reading after an event. */
export function nextReading<Value>(reading: Reading<Value>, event: ReadingEvent<Value>): Reading<Value> {
  switch (event.kind) {
    case 'begun':
      return { ...reading, isReading: true };
    case 'read':
      return { value: event.value, failure: undefined, isReading: false };
    case 'failed':
      return { value: reading.value, failure: event.failure, isReading: false };
    case 'reset':
      return unread();
  }
}
