/**
 * The time that a caller gives to its call. Connect's own timers end at 2^31-1 ms and read a passed deadline as a cancellation, so the
 * header is taken off before Connect sees it, and the deadline runs here.
 */
import { createContextKey } from '@connectrpc/connect';
import type { UniversalServerRequest } from '@connectrpc/connect/protocol';
import { deadlineExceeded } from '#platform/errors/outcry-error.ts';
import { invalidTimeout, parseGrpcTimeout } from '#platform/rpc/grpc-timeout.ts';
import { startTimer } from '#platform/time/timer.ts';
import { toConnectError } from './connect-error.ts';

/** The deadline of one call; disposing it stops its timer. */
export type CallDeadline = Disposable & {
  /** Unix time in ms; Infinity when the caller gave no timeout. */
  readonly timeMs: number;
  /** Aborts at the deadline, with DEADLINE_EXCEEDED as its reason. */
  readonly signal: AbortSignal;
  /** The result of `work` when it settles in time; otherwise rejects with the reason of the signal, and the work goes on. */
  bound<T>(work: Promise<T>): Promise<T>;
};

const unlimited: CallDeadline = {
  timeMs: Number.POSITIVE_INFINITY,
  signal: new AbortController().signal,
  bound: (work) => work,
  [Symbol.dispose]() {},
};

/** The deadline of the call that a handler answers. */
export const deadlineKey = createContextKey<CallDeadline>(unlimited, { description: 'deadline' });

/**
 * Takes the timeout off the header of a call and starts its deadline. A text that is no timeout gives a deadline that has ended
 * already, with INVALID_ARGUMENT as the reason of its signal.
 */
export function takeDeadline(header: Headers): CallDeadline {
  const isGrpc = header.get('content-type')?.startsWith('application/grpc') ?? false;
  const name = isGrpc ? 'grpc-timeout' : 'connect-timeout-ms';
  const sent = header.get(name);
  if (sent === null) return unlimited;
  header.delete(name);
  try {
    return startDeadline(isGrpc ? parseGrpcTimeout(sent) : parseConnectTimeout(name, sent));
  } catch (error) {
    return deadlineOf(Number.POSITIVE_INFINITY, AbortSignal.abort(error), () => {});
  }
}

/** The request with a signal and a body that end at the deadline. */
export function boundRequest(request: UniversalServerRequest, deadline: CallDeadline): UniversalServerRequest {
  if (deadline === unlimited) return request;
  const body = request.body as AsyncIterable<Uint8Array>;
  return { ...request, signal: AbortSignal.any([request.signal, deadline.signal]), body: boundBody(body, deadline) };
}

/** The timeout in ms of the header of that name. Throws INVALID_ARGUMENT for a text that is no timeout of Connect. */
export function parseConnectTimeout(name: string, text: string): number {
  if (!/^\d{1,10}$/.test(text)) throw invalidTimeout(name);
  return Number(text);
}

function startDeadline(timeoutMs: number): CallDeadline {
  const passed = new AbortController();
  const pass = () => passed.abort(deadlineExceeded());
  const timer = timeoutMs > 0 ? startTimer(timeoutMs, pass) : undefined;
  if (timer === undefined) pass();
  return deadlineOf(Date.now() + timeoutMs, passed.signal, () => timer?.[Symbol.dispose]());
}

function deadlineOf(timeMs: number, signal: AbortSignal, dispose: () => void): CallDeadline {
  return { timeMs, signal, bound: (work) => untilAborted(signal, work), [Symbol.dispose]: dispose };
}

async function untilAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const onAbort = () => aborted.reject(signal.reason);
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort);
  try {
    return await Promise.race([aborted.promise, work]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

// A caller that sends its request slowly, or never ends it, is answered at its deadline all the same.
async function* boundBody(body: AsyncIterable<Uint8Array>, deadline: CallDeadline): AsyncGenerator<Uint8Array> {
  const chunks = body[Symbol.asyncIterator]();
  for (;;) {
    const { done, value } = await deadline.bound(chunks.next()).catch((error: unknown) => {
      throw deadline.signal.aborted ? toConnectError(error) : error;
    });
    if (done) return;
    yield value;
  }
}
