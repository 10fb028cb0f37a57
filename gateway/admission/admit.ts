/** The gate of every call: who calls, may they, and are they within their rate. It runs before the body is read. */
import { createContextKey, type HandlerContext } from '@connectrpc/connect';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { accessRule, checkAccess } from '#platform/auth/access.ts';
import type { Authenticator } from '#platform/auth/authenticator.ts';
import type { Caller } from '#platform/auth/claims.ts';
import { internal, resourceExhausted } from '#platform/errors/outcry-error.ts';
import { startTrace, type Trace } from '#platform/telemetry/trace-context.ts';
import type { RateLimiter } from './rate-limit.ts';

/** Where a call comes from, for the rate of anonymous callers. */
export const remoteAddressKey = createContextKey('unknown', { description: 'remote address' });
/** The verified caller; set by the gate. */
export const callerKey = createContextKey<Caller>({}, { description: 'caller' });
/** The trace of the call; set before the gate. */
export const traceKey = createContextKey<Trace>(startTrace(), { description: 'trace' });

/** A gate over the authenticator and the limiter. Throws OutcryError. */
export function createGate(options: { authenticator: Authenticator; rateLimiter: RateLimiter }) {
  return async (context: HandlerContext): Promise<void> => {
    const authorization = context.requestHeader.get('authorization') ?? undefined;
    // A service token means nothing at the edge: whoever comes through here is a person.
    const caller = await options.authenticator.authenticate({ authorization });
    context.values.set(callerKey, caller);
    limitRate(options.rateLimiter, caller, context);
    const rule = accessRule(context.method);
    if (rule === undefined) throw internal();
    checkAccess(rule, caller);
  };
}

function limitRate(limiter: RateLimiter, caller: Caller, context: HandlerContext): void {
  const name = caller.user?.userId ?? context.values.get(remoteAddressKey);
  const verdict = limiter.take(name);
  context.responseHeader.set('x-ratelimit-limit', String(verdict.limit));
  context.responseHeader.set('x-ratelimit-remaining', String(verdict.remaining));
  if (verdict.allowed) return;
  throw resourceExhausted(ErrorReason.RATE_LIMITED, 'too many calls; come back later', {
    retryDelayMs: verdict.retryAfterMs,
    metadata: { limit_per_second: String(verdict.limit) },
  });
}
