/** Bounds on how long work may take. */
import { startTimer } from './timer.ts';

/**
 * The result of `work` if it settles within `timeoutMs`; otherwise rejects with `onLate()`. The work itself goes on, and a later
 * rejection of it is ignored.
 */
export async function within<T>(timeoutMs: number, work: PromiseLike<T>, onLate: () => Error = lateError(timeoutMs)) {
  const late = Promise.withResolvers<never>();
  using _timer = startTimer(timeoutMs, () => late.reject(onLate()));
  const settled = Promise.resolve(work);
  settled.catch(() => {});
  return await Promise.race([settled, late.promise]);
}

/** The result of `work`, unless the signal aborts first: then rejects with its reason. The work itself goes on, as in `within`. */
export async function unlessAborted<T>(signal: AbortSignal, work: PromiseLike<T>): Promise<T> {
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const onAbort = () => aborted.reject(signal.reason);
  signal.addEventListener('abort', onAbort);
  const settled = Promise.resolve(work);
  settled.catch(() => {});
  try {
    return await Promise.race([settled, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** A signal that aborts with a TimeoutError after `timeoutMs`, any duration. Its timer does not hold the process. */
export function timeoutSignal(timeoutMs: number): AbortSignal {
  const controller = new AbortController();
  startTimer(timeoutMs, () => {
    controller.abort(new DOMException(`not done within ${timeoutMs} ms`, 'TimeoutError'));
  }).unref();
  return controller.signal;
}

function lateError(timeoutMs: number): () => Error {
  return () => new Error(`not done within ${timeoutMs} ms`);
}
