/** Transports of the API: of calls that need no session, and of calls as the person who is logged in, where somebody is. */
import { Code, ConnectError, type Interceptor } from '@connectrpc/connect';
import { createConnectTransport } from '@connectrpc/connect-web';
import { failureOf } from './failure.ts';
import { accessToken, endRefusedSession, isLoggedIn, renewedToken } from './session.ts';

const callTimeoutMs = 15_000;

// An expired token is renewed once, before the call is given up; a session that the server refuses ends here too.
const withToken: Interceptor = (next) => async (request) => {
  if (!isLoggedIn.peek()) return next(request);
  const token = await accessToken();
  request.header.set('authorization', `Bearer ${token}`);
  try {
    return await next(request);
  } catch (error) {
    const { reason } = failureOf(error);
    if (reason !== 'TOKEN_EXPIRED') {
      if (ConnectError.from(error).code === Code.Unauthenticated) endRefusedSession();
      throw error;
    }
    request.header.set('authorization', `Bearer ${await renewedToken(token)}`);
    return next(request);
  }
};

// A stream has no time limit; a call has one.
const withTimeout: Interceptor = (next) => (request) => {
  if (request.stream) return next(request);
  return next({ ...request, signal: AbortSignal.any([request.signal, AbortSignal.timeout(callTimeoutMs)]) });
};

const common = { baseUrl: location.origin, useBinaryFormat: true };

/** The transport of calls without a session. */
export const openTransport = createConnectTransport({ ...common, interceptors: [withTimeout] });

/** The transport of calls as the person who is logged in; screens make their clients from it. */
export const userTransport = createConnectTransport({ ...common, interceptors: [withTimeout, withToken] });
