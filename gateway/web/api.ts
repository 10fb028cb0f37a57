/** Clients of the API: without a session, and as the user who is logged in in this browser. */
import { CallError } from './call-error.ts';
import { createSession } from './session.ts';
import { type Json, postCall, postStream } from './transport.ts';

/** Calls and streams; an RPC is named as in `outcry.market.v1.MarketService/ListQuotes`. Both throw CallError. */
export type Api = {
  call(rpc: string, request: Json): Promise<Json>;
  stream(rpc: string, request: Json, signal: AbortSignal): AsyncGenerator<Json>;
};

/** The session of this browser. */
export const session = createSession({
  storage: localStorage,
  call: postCall,
  channel: new BroadcastChannel('outcry.session'),
  locks: navigator.locks,
  now: Date.now,
});

/** The API without a log-in. */
export const anyone: Api = {
  call: (rpc, request) => postCall(rpc, request),
  stream: (rpc, request, signal) => postStream(rpc, request, { token: undefined, signal }),
};

/** The API as the logged-in user. An expired token is renewed once; a session that the server refuses is ended. */
export const user: Api = {
  async call(rpc, request) {
    const token = await session.accessToken();
    try {
      return await postCall(rpc, request, token);
    } catch (error) {
      return await postCall(rpc, request, await tokenAfter(error, token));
    }
  },
  async *stream(rpc, request, signal) {
    const token = await session.accessToken();
    try {
      yield* postStream(rpc, request, { token, signal });
    } catch (error) {
      // The caller opens the stream again, with the new token.
      await tokenAfter(error, token);
    }
  },
};

// A new token for a retry. Throws the error itself when a new token does not help.
async function tokenAfter(error: unknown, token: string): Promise<string> {
  if (error instanceof CallError && error.reason === 'TOKEN_EXPIRED') return session.renewedToken(token);
  if (error instanceof CallError && error.code === 'unauthenticated') session.expire();
  throw error;
}
