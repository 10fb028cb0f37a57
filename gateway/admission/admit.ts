/** Admission of every call: authenticates the caller, checks its roles and its rate. Runs before the body is read. */
import type { HandlerContext } from '@connectrpc/connect';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { accessRule, checkAccess } from '#platform/auth/access.ts';
import type { Authenticator } from '#platform/auth/authenticator.ts';
import type { Caller } from '#platform/auth/claims.ts';
import { internal, resourceExhausted } from '#platform/errors/outcry-error.ts';
import { deadlineKey } from '../call/call-deadline.ts';
import { refusalOf } from '../call/connect-error.ts';
import { callerKey, remoteAddressKey } from '../call/context-keys.ts';
import type { RateLimiter } from './rate-limit.ts';

/** Decides whether a call may begin. Throws OutcryError. */
export type Gate = (context: HandlerContext) => Promise<void>;

/** A gate over the authenticator and the limiter. */
export function createGate(options: { authenticator: Authenticator; rateLimiter: RateLimiter }): Gate {
  return async (context) => {
    const authorization = context.requestHeader.get('authorization') ?? undefined;
    // A service token is ignored at the edge: every caller of the gateway is a user or anonymous.
    const caller = await options.authenticator.authenticate({ authorization }).catch((error: unknown) => {
      // A token that is refused names no caller: the call counts for its address, as one without a token does.
      limitRate(options.rateLimiter, {}, context);
      throw error;
    });
    context.values.set(callerKey, caller);
    limitRate(options.rateLimiter, caller, context);
    const rule = accessRule(context.method);
    if (rule === undefined) throw internal();
    checkAccess(rule, caller);
  };
}

/** Lets the call through its gate within its deadline. Throws ConnectError. */
export async function admitInTime(gate: Gate, context: HandlerContext): Promise<void> {
  const deadline = context.values.get(deadlineKey);
  try {
    const admitted = gate(context);
    // A call whose time was over when it came is counted like any other.
    await (deadline.signal.aborted ? admitted : deadline.bound(admitted));
    deadline.signal.throwIfAborted();
  } catch (error) {
    throw refusalOf(context, error);
  }
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
