/** Ends streams that an API key opened, when the key is not accepted any more: their calls were admitted once, long ago. */
import type { HandlerContext } from '@connectrpc/connect';
import type { Authenticator } from '#platform/auth/authenticator.ts';
import { startTimer, type Timer } from '#platform/time/timer.ts';
import { callerKey, remoteAddressKey } from '../call/context-keys.ts';

/** The key of a stream. Disposed with the stream. */
export type KeyWatch = Disposable & {
  /** Aborts when the key is refused. */
  readonly signal: AbortSignal;
  /** Why it was; undefined while it is accepted. */
  readonly refusal: unknown;
};

/** Watches the key behind a stream; undefined for a stream without one. */
export type WatchKey = (context: HandlerContext) => KeyWatch | undefined;

const checkEveryMs = 10_000;

/** Asks the authenticator every ten seconds, which remembers keys for a minute at most. */
export function createKeyWatcher(authenticator: Authenticator, everyMs: number = checkEveryMs): WatchKey {
  return ({ values, requestHeader }) => {
    if (values.get(callerKey).user?.key === undefined) return undefined;
    const authorization = requestHeader.get('authorization') ?? undefined;
    const credentials = { authorization, clientAddress: values.get(remoteAddressKey) };
    return watch(async () => {
      if (authenticator.recall?.(credentials) === undefined) await authenticator.authenticate(credentials);
    }, everyMs);
  };
}

function watch(check: () => Promise<void>, everyMs: number): KeyWatch {
  const abort = new AbortController();
  let refusal: unknown;
  let timer: Timer | undefined;
  let isOver = false;
  const next = () => {
    if (!isOver) timer = startTimer(everyMs, run).unref();
  };
  const run = () => {
    check().then(next, (error: unknown) => {
      refusal = error;
      abort.abort();
    });
  };
  next();
  return {
    signal: abort.signal,
    get refusal() {
      return refusal;
    },
    [Symbol.dispose]() {
      isOver = true;
      timer?.[Symbol.dispose]();
    },
  };
}
