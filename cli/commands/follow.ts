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
  /** Without a message for so long it is subscribed to again, in ms; default 15 s, as servers send a heartbeat every 10 s. */
  silenceMs?: number;
  /** Ends it quietly. */
  signal: AbortSignal;
};

const silenceDefaultMs = 15_000;
const delayBaseMs = 250;
const delayMaxMs = 5_000;

/**
 * Resolves when there is enough or the signal aborts. Rejects with CallFailure when it is refused, or nothing has come for the time of a
 * call after it fell silent.
 */
export async function follow<I extends DescMessage, O extends DescMessage>(api: Api, followed: Followed<I, O>) {
  const { silenceMs = silenceDefaultMs } = followed;
  let lastMessageMs = performance.now();
  const take = (message: MessageShape<O>) => {
    lastMessageMs = performance.now();
    return followed.take(message);
  };
  for (let attempt = 0; !followed.signal.aborted; attempt += 1) {
    const startTimeMs = lastMessageMs;
    const failure = await subscribe(api, { ...followed, silenceMs, take });
    if (failure === 'enough') return;
    if (failure !== undefined && failure.kind !== 'no-answer') throw failure;
    if (performance.now() - lastMessageMs > silenceMs + api.timeoutMs) {
      throw failure ?? new CallFailure('no-answer', 'the stream is silent');
    }
    // The next is the first again.
    if (lastMessageMs > startTimeMs) attempt = -1;
    await pause(backoffMs(Math.max(0, attempt), delayBaseMs, delayMaxMs), followed.signal);
  }
}

/** One subscription: `enough`, its failure, or undefined when it ended without one. */
async function subscribe<I extends DescMessage, O extends DescMessage>(
  api: Api,
  { method, request, take, isAnonymous = false, silenceMs, signal }: Followed<I, O> & { silenceMs: number },
): Promise<'enough' | CallFailure | undefined> {
  const silence = new AbortController();
  using timer = startTimer(silenceMs, () => silence.abort());
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
