/** What commands call: the gateway as the signed-in caller. */
import { afterNoAnswer, CallFailure, toCallFailure } from '../call/call-failure.ts';
import type { Caller, Calls } from '../call/caller.ts';
import type { Session } from './session.ts';

/** How a call of a command is made. */
export type ApiOptions = {
  /** Whether the call needs no token: prices, or what comes before a session. */
  isAnonymous?: boolean;
  /** Time for all attempts, in ms; default that of the command line. */
  timeoutMs?: number;
};

/** Calls as the signed-in caller, until there is an answer or no time. They reject with CallFailure. */
export type Api = Calls<ApiOptions, { isAnonymous?: boolean; signal: AbortSignal }> & {
  /** Time for a call and all its attempts, in ms. */
  readonly timeoutMs: number;
};

/** Calls by `caller` with the tokens of `session`; a token that has expired all the same is renewed once. */
export function createApi(caller: Caller, session: Session, timeoutMs: number): Api {
  return {
    timeoutMs,
    async call(method, request, { isAnonymous = false, ...options } = {}) {
      if (isAnonymous) return caller.call(method, request, options);
      const token = await session.bearer();
      try {
        return await caller.call(method, request, { ...options, token });
      } catch (error) {
        if (!isExpired(error)) throw error;
        session.expire(token);
        return await callAgain(error, async () =>
          caller.call(method, request, { ...options, token: await session.bearer() }),
        );
      }
    },
    async *stream(method, request, { isAnonymous = false, signal }) {
      const token = isAnonymous ? undefined : await session.bearer();
      try {
        yield* caller.stream(method, request, { token, signal });
      } catch (error) {
        if (token === undefined || !isExpired(error)) throw error;
        session.expire(token);
        throw new CallFailure('no-answer', 'the token has expired', { cause: toCallFailure(error) });
      }
    },
  };
}

/** Calls with a new token, after a failure that may have left the outcome open. */
async function callAgain<T>(before: CallFailure, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    const failure = toCallFailure(error);
    throw before.isOpen ? afterNoAnswer(failure) : failure;
  }
}

function isExpired(error: unknown): error is CallFailure {
  return error instanceof CallFailure && error.reason === 'TOKEN_EXPIRED';
}
