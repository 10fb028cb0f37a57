/** What a topic is, how it is opened at the market, and who listens to it. */
import { Code } from '#platform/errors/code.ts';
import { toOutcryError } from '#platform/errors/details.ts';
import type { StreamKind, Subscription } from './kinds.ts';
import type { SharedMessage } from './shared-message.ts';

/** Opens a stream of the market; the messages stay bytes. */
export type OpenUpstream = (kind: StreamKind, request: Buffer, signal: AbortSignal) => AsyncIterable<Buffer>;

/** Who listens to a topic. */
export type TopicListener = {
  onMessage(message: SharedMessage): void;
  /** History may have been lost: everything is to be sent again. */
  onRebuilt(): void;
  /** The market cannot be followed any more. */
  onFailure(error: unknown): void;
};

/** Which topic. */
export type TopicKey = { kind: StreamKind; terms: Subscription['terms']; symbol: string };

/** What differs in tests. */
export type TopicTimes = { silenceMs: number; lostAfterMs: number };

/** Heartbeats come every 10 s; a market that is away for longer than `lostAfterMs` ends the streams. */
export const defaultTopicTimes: TopicTimes = { silenceMs: 25_000, lostAfterMs: 30_000 };

/** Whether the market may be back soon. */
export function isTransient(error: unknown): boolean {
  const { code } = toOutcryError(error);
  return code === Code.UNAVAILABLE || code === Code.CANCELLED || code === Code.DEADLINE_EXCEEDED;
}
