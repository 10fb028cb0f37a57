/** Which failures of a feed's consumer pass by themselves. All others halt it: there is no third kind. */
import { Code } from '#platform/errors/code.ts';
import { OutcryError } from '#platform/errors/outcry-error.ts';
import { isConnectionFailure, isSerializationFailure } from '#platform/postgres/failures.ts';
import { LeaseLostError } from '#platform/postgres/lease.ts';
import type { Halt } from './feed-state.ts';
import { PositionMovedError } from './position.ts';

/** What the consumer has met contradicts its position in the feed, or an entry that it must not pass: it halts. */
export class FeedHaltError extends Error {
  override readonly name = 'FeedHaltError';
  readonly sequence: bigint;

  constructor(sequence: bigint, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.sequence = sequence;
  }
}

/** The consumer has changed its position, and begins again there. */
export class FeedRestartError extends Error {
  override readonly name = 'FeedRestartError';
}

/** Nothing was heard of a feed for too long. */
export class FeedStalledError extends Error {
  override readonly name = 'FeedStalledError';
}

// What a service or the way to it answers while it starts, ends, is overloaded or is replaced by another release. Of a feed that does not
// have the position, or an argument that it does not understand, the next answer is the same.
const transientCodes: ReadonlySet<Code> = new Set([
  Code.UNAVAILABLE,
  Code.DEADLINE_EXCEEDED,
  Code.CANCELLED,
  Code.ABORTED,
  Code.RESOURCE_EXHAUSTED,
  Code.INTERNAL,
  Code.UNKNOWN,
  Code.UNAUTHENTICATED,
  Code.PERMISSION_DENIED,
  Code.UNIMPLEMENTED,
]);

/** Whether the same work may succeed later, without anyone's help: a closed list. */
export function isTransient(error: unknown): boolean {
  if (error instanceof OutcryError) return transientCodes.has(error.code);
  if (error instanceof PositionMovedError || error instanceof LeaseLostError) return true;
  if (error instanceof FeedRestartError || error instanceof FeedStalledError) return true;
  return isConnectionFailure(error) || isSerializationFailure(error);
}

const causeLengthMax = 1_000;

/** The halt that a failure means for a consumer at a position; undefined when it is transient. */
export function haltOf(error: unknown, position: bigint): Halt | undefined {
  if (error instanceof FeedHaltError)
    return { sequence: error.sequence, cause: error.message.slice(0, causeLengthMax) };
  if (isTransient(error)) return undefined;
  const cause = error instanceof Error ? error.message : String(error);
  return { sequence: position, cause: cause.slice(0, causeLengthMax) };
}
