/** What processes say of themselves, in words. */
import type { Duration } from '@bufbuild/protobuf/wkt';
import { type FeedLag, type OutboxBacklog, ProcessRole, type QueueLag } from '#gen/outcry/process/v1/process_pb.ts';
import { figureText } from '../../figures/figure-text.ts';

/** Milliseconds of a duration, with their fraction; 0 for none. */
export function durationMillis(duration: Pick<Duration, 'seconds' | 'nanos'> | undefined): number {
  return duration === undefined ? 0 : Number(duration.seconds) * 1_000 + duration.nanos / 1e6;
}

/** How long something takes: `3.2 ms`, `820 ms`, `12.5 s`, `4 min`, `3 h`, `2 d`. */
export function spanText(ms: number): string {
  if (ms < 10) return `${(Math.floor(ms * 10) / 10).toFixed(1)} ms`;
  if (ms < 1_000) return `${Math.floor(ms)} ms`;
  if (ms < 60_000) return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`;
  if (ms < 3_600_000) return `${Math.floor(ms / 60_000)} min`;
  return ms < 86_400_000 ? `${Math.floor(ms / 3_600_000)} h` : `${Math.floor(ms / 86_400_000)} d`;
}

/** What is left of a lease: `2.4 s`; `free` when another process may take it. */
export function leftText(remaining: Pick<Duration, 'seconds' | 'nanos'> | undefined): string {
  const ms = durationMillis(remaining);
  return ms === 0 ? 'free' : spanText(ms);
}

// A feed has a heartbeat each few seconds; without one for so long, what is read may be old.
const silentMs = 30_000;

/** How far a follower is: `reads up to date`, `12.0 s behind, 340 entries`; a silence over 30 s is said besides. */
export function feedText({ behind, entriesBehind, silence, halted }: FeedLag): string {
  if (halted) return 'halted: an entry cannot be applied, and waits for an operator';
  const heardMs = durationMillis(silence);
  const heard = `last heard of it ${spanText(heardMs)} ago`;
  if (behind === undefined) return heard;
  const behindMs = durationMillis(behind);
  const lag =
    behindMs === 0
      ? 'reads up to date'
      : `${spanText(behindMs)} behind, ${countText(entriesBehind, 'entry', 'entries')}`;
  return heardMs > silentMs ? `${lag}; ${heard}` : lag;
}

/** Whether a follower needs someone's attention: it is halted, over 5 s behind, or hears nothing. */
export function isFeedLate({ behind, silence, halted }: FeedLag): boolean {
  return halted || durationMillis(behind) > lateMs || durationMillis(silence) > silentMs;
}

// As the service level "streams fresh" has it.
const lateMs = 5_000;

/** How far a queue of the bus is: `reads up to date`, `340 events of the log behind`. */
export function queueText({ eventsBehind }: Pick<QueueLag, 'eventsBehind'>): string {
  return eventsBehind === 0n ? 'reads up to date' : `${countText(eventsBehind, 'event', 'events')} of the log behind`;
}

/** What an outbox has left: `empty`, `120 events, the oldest 3.0 s old`. */
export function outboxText({ events, oldestAge }: OutboxBacklog): string {
  if (events === 0n) return 'empty';
  return `${countText(events, 'event', 'events')}, the oldest ${spanText(durationMillis(oldestAge))} old`;
}

/** Whether an outbox has something that is over 5 s old. */
export function isOutboxLate({ oldestAge }: OutboxBacklog): boolean {
  return durationMillis(oldestAge) > lateMs;
}

/** What a process may do; undefined for one that may do all, as nearly every process. */
export function roleText(role: ProcessRole): string | undefined {
  switch (role) {
    case ProcessRole.CANARY:
      return 'canary';
    case ProcessRole.MIRROR:
      return 'mirror';
    default:
      return undefined;
  }
}

/** An RPC without its package: `OrderService/PlaceOrder`. */
export function rpcText(method: string): string {
  return method.replace(/^outcry\.\w+\.v\d+\./, '');
}

function countText(count: bigint, one: string, many: string): string {
  return count === 1n ? `1 ${one}` : `${figureText(String(count))} ${many}`;
}
