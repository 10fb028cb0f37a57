/**
 * Sessions of browsers: a page of this gateway that sends `outcry-session: cookie` with LogIn, RefreshSession and LogOut has its refresh
 * token in a cookie that no script reads, instead of in the messages. All other clients are not affected.
 */
import { timestampMs } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError, type HandlerContext } from '@connectrpc/connect';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import type { LogInRequest, RefreshSessionRequest, SessionTokens } from '#gen/outcry/user/v1/session_pb.ts';
import { permissionDenied, unauthenticated } from '#platform/errors/outcry-error.ts';
import { isSecure } from '../call/call-facts.ts';
import { toConnectError } from '../call/connect-error.ts';
import { readCookie, writeCookie } from './cookies.ts';
import { isSameOrigin } from './same-origin.ts';

/** The header by which a page asks for cookies; CORS does not allow it, so no page of another origin can send it. */
export const sessionHeader = 'outcry-session';

type Handler = (request: unknown, context: HandlerContext) => Promise<object>;
type Wrapped = (handler: Handler, request: never, context: HandlerContext, isTls: boolean) => Promise<object>;

const wrapped: Record<string, Wrapped> = { logIn, refreshSession, logOut, logOutEverywhere: logOut };

/** The handlers of the session service, with cookies for pages that ask for them. */
export function withSessionCookies(
  handlers: Record<string, unknown>,
  { trustForwardedFor }: { trustForwardedFor: boolean },
): Record<string, unknown> {
  const entries = Object.entries(wrapped).map(([name, wrap]): [string, Handler] => {
    const handler = handlers[name] as Handler;
    return [
      name,
      async (request, context) => {
        const { requestHeader, url } = context;
        if (requestHeader.get(sessionHeader) !== 'cookie') return handler(request, context);
        if (!isSameOrigin(requestHeader, new URL(url).host)) throw toConnectError(foreignOrigin());
        const isTls = isSecure(requestHeader.get('x-forwarded-proto') ?? undefined, trustForwardedFor);
        return wrap(handler, request as never, context, isTls);
      },
    ];
  });
  return { ...handlers, ...Object.fromEntries(entries) };
}

type TokensResponse = { tokens?: SessionTokens };

async function logIn(handler: Handler, request: LogInRequest, context: HandlerContext, isTls: boolean) {
  request.knownDeviceToken ||= readCookie(context.requestHeader, 'device', isTls) ?? '';
  return moveToCookies(await handler(request, context), context, isTls);
}

async function refreshSession(
  handler: Handler,
  request: RefreshSessionRequest,
  context: HandlerContext,
  isTls: boolean,
) {
  request.refreshToken ||= readCookie(context.requestHeader, 'session', isTls) ?? '';
  if (request.refreshToken === '') throw toConnectError(noSession());
  try {
    return moveToCookies(await handler(request, context), context, isTls);
  } catch (error) {
    if (ConnectError.from(error).code === Code.Unauthenticated) deleteSession(context, isTls);
    throw error;
  }
}

async function logOut(handler: Handler, request: unknown, context: HandlerContext, isTls: boolean): Promise<object> {
  const response = await handler(request, context);
  deleteSession(context, isTls);
  return response;
}

function moveToCookies(response: object, { responseHeader }: HandlerContext, isTls: boolean): object {
  const { tokens } = response as TokensResponse;
  if (tokens === undefined) return response;
  const leftMs = tokens.refreshExpireTime === undefined ? 0 : timestampMs(tokens.refreshExpireTime) - Date.now();
  const maxAgeSeconds = Math.max(0, Math.floor(leftMs / 1_000));
  for (const name of ['session', 'device'] as const) {
    const cookie = { value: tokens.refreshToken, maxAgeSeconds, isSecure: isTls };
    responseHeader.append('set-cookie', writeCookie(name, cookie));
  }
  responseHeader.set('cache-control', 'no-store');
  tokens.refreshToken = '';
  return response;
}

function deleteSession({ responseHeader }: HandlerContext, isTls: boolean): void {
  responseHeader.append('set-cookie', writeCookie('session', { value: '', maxAgeSeconds: 0, isSecure: isTls }));
}

function foreignOrigin() {
  const text = 'a session in a cookie is for pages of this origin; leave the header outcry-session out';
  return permissionDenied(ErrorReason.ORIGIN_NOT_ALLOWED, text);
}

function noSession() {
  return unauthenticated(ErrorReason.TOKEN_MISSING, 'there is no session; log in first');
}
