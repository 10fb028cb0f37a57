/** Calls of the gateway, repeated until there is an answer or no time. */
import type {
  DescMessage,
  DescMethodServerStreaming,
  DescMethodUnary,
  MessageInitShape,
  MessageShape,
} from '@bufbuild/protobuf';
import type { Transport } from '@connectrpc/connect';
import { backoffMs, pause } from '#platform/time/pause.ts';
import { afterNoAnswer, type CallFailure, toCallFailure } from './call-failure.ts';

/** How a call is made. */
export type CallOptions = {
  /** Proves who calls; absent: a call without it. */
  token?: string;
  /** Time for all attempts together, in ms; default the caller's. */
  timeoutMs?: number;
};

/** Unary calls and streams, each with options of its own. */
export type Calls<UnaryOptions, StreamOptions> = {
  call<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    request: MessageInitShape<I>,
    options?: UnaryOptions,
  ): Promise<MessageShape<O>>;
  /** One attempt of a stream; rejects with a CallFailure. */
  stream<I extends DescMessage, O extends DescMessage>(
    method: DescMethodServerStreaming<I, O>,
    request: MessageInitShape<I>,
    options: StreamOptions,
  ): AsyncIterable<MessageShape<O>>;
};

/**
 * Makes calls. A call without an answer is made again, which is safe for what `outcry` calls: reads, calls under a key, and calls whose
 * repeat changes nothing. Rejects with a CallFailure.
 */
export type Caller = Calls<CallOptions, { token?: string; signal: AbortSignal }>;

const attemptTimeoutMaxMs = 10_000;
const attemptTimeoutMinMs = 500;
const delayBaseMs = 100;
const delayMaxMs = 2_000;

/** A caller over a transport, with `timeoutMs` for a call and all its attempts. An attempt has a third of it, 10 s at most. */
export function createCaller(transport: Transport, timeoutMs: number): Caller {
  return {
    async call(method, request, options = {}) {
      return callUntilAnswered(transport, method, request, { timeoutMs, ...options });
    },
    async *stream(method, request, { token, signal }) {
      try {
        const { message } = await transport.stream(method, signal, undefined, headersOf(token), once(request));
        yield* message;
      } catch (error) {
        if (!signal.aborted) throw toCallFailure(error);
      }
    },
  };
}

async function callUntilAnswered<I extends DescMessage, O extends DescMessage>(
  transport: Transport,
  method: DescMethodUnary<I, O>,
  request: MessageInitShape<I>,
  { token, timeoutMs }: CallOptions & { timeoutMs: number },
): Promise<MessageShape<O>> {
  const deadlineMs = performance.now() + timeoutMs;
  const attemptMs = Math.max(attemptTimeoutMinMs, Math.min(attemptTimeoutMaxMs, timeoutMs / 3));
  let last: CallFailure | undefined;
  for (let attempt = 0; ; attempt += 1) {
    const leftMs = deadlineMs - performance.now();
    if (leftMs <= 0 && last !== undefined) throw last;
    try {
      const headers = headersOf(token);
      const timeLimitMs = Math.ceil(Math.min(attemptMs, Math.max(1, leftMs)));
      return (await transport.unary(method, undefined, timeLimitMs, headers, request)).message;
    } catch (error) {
      const failure = toCallFailure(error);
      if (failure.kind !== 'no-answer') throw last === undefined ? failure : afterNoAnswer(failure);
      last = failure;
    }
    const delayMs = Math.max(backoffMs(attempt, delayBaseMs, delayMaxMs), last.retryDelayMs ?? 0);
    await pause(Math.min(delayMs, Math.max(0, deadlineMs - performance.now())));
  }
}

function headersOf(token: string | undefined): Record<string, string> {
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}

async function* once<Message>(message: Message): AsyncIterable<Message> {
  yield message;
}
