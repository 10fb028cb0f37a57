/** Follows a stream until there is enough of it: it is subscribed to again when it ends, fails or falls silent. */
import type { DescMessage, DescMethodServerStreaming, MessageInitShape, MessageShape } from '@bufbuild/protobuf';
import { backoffMs, pause } from '#platform/time/pause.ts';
import { startTimer } from '#platform/time/timer.ts';
import { CallFailure, toCallFailure } from '../call/call-failure.ts';
import type { Api } from '../session/api.ts';

/** What is followed. */
export type Followed<I extends DescMessage, O extends DescMessage> = {
  method: DescMethodServerStreaming<I, O>;
  /** The request of the next subscription. */
  request(): MessageInitShape<I>;
  /** Takes a message; returns false when there is enough. */
  take(message: MessageShape<O>): boolean;
  isAnonymous?: boolean;
  /** Ends it quietly. */
  signal: AbortSignal;
};

/** Servers send a heartbeat every 10 s. */
const silenceMaxMs = 30_000;
const delayBaseMs = 250;
const delayMaxMs = 5_000;

/** Resolves when there is enough or the signal aborts; rejects with CallFailure when it is refused, or nothing came for `api.timeoutMs`. */
export async function follow<I extends DescMessage, O extends DescMessage>(api: Api, followed: Followed<I, O>) {
  let lastMessageMs = performance.now();
  const take = (message: MessageShape<O>) => {
    lastMessageMs = performance.now();
    return followed.take(message);
  };
  for (let attempt = 0; !followed.signal.aborted; attempt += 1) {
    const startTimeMs = lastMessageMs;
    const failure = await subscribe(api, { ...followed, take });
    if (failure === 'enough') return;
    if (failure !== undefined && failure.kind !== 'no-answer') throw failure;
    if (performance.now() - lastMessageMs > api.timeoutMs) {
      throw failure ?? new CallFailure('no-answer', 'the stream is silent');
    }
    if (lastMessageMs > startTimeMs) attempt = 0;
    await pause(backoffMs(attempt, delayBaseMs, delayMaxMs), followed.signal);
  }
}

/** One subscription: `enough`, its failure, or undefined when it ended without one. */
async function subscribe<I extends DescMessage, O extends DescMessage>(
  api: Api,
  { method, request, take, isAnonymous = false, signal }: Followed<I, O>,
): Promise<'enough' | CallFailure | undefined> {
  const silence = new AbortController();
  using timer = startTimer(Math.min(silenceMaxMs, api.timeoutMs), () => silence.abort());
  const stream = api.stream(method, request(), { isAnonymous, signal: AbortSignal.any([signal, silence.signal]) });
  try {
    for await (const message of stream) {
      timer.restart();
      if (take(message)) continue;
      // The connection is closed first: a stream that is merely left stays open.
      silence.abort();
      return 'enough';
    }
    return undefined;
  } catch (error) {
    return toCallFailure(error);
  }
}
