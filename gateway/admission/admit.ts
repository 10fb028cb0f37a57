/** Admission of every call: authenticates the caller, checks its roles and its rate. Runs before the body is read. */
import type { DescMethod } from '@bufbuild/protobuf';
import type { HandlerContext } from '@connectrpc/connect';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { accessRule, checkAccess } from '#platform/auth/access.ts';
import { namesApiKey } from '#platform/auth/api-keys.ts';
import type { Authenticator } from '#platform/auth/authenticator.ts';
import type { Caller } from '#platform/auth/claims.ts';
import { internal, resourceExhausted } from '#platform/errors/outcry-error.ts';
import { deadlineKey } from '../call/call-deadline.ts';
import { refusalOf } from '../call/connect-error.ts';
import { admissionKey, callerKey, remoteAddressKey } from '../call/context-keys.ts';
import type { RateLimiter, RateVerdict } from './rate-limit.ts';

/** What the gate must know of a call. */
export type GateCall = {
  method: DescMethod;
  authorization: string | undefined;
  remoteAddress: string;
  /** Sets a header of the answer, whatever the answer is. */
  setHeader(name: string, value: string): void;
};

/** Decides whether a call may begin, and gives its caller, at once when its token is known. Throws or rejects with OutcryError. */
export type Gate = (call: GateCall) => Caller | Promise<Caller>;

/** A gate over the authenticator and the limiter. */
export function createGate(options: { authenticator: Authenticator; rateLimiter: RateLimiter }): Gate {
  const { authenticator, rateLimiter } = options;
  const admit = (call: GateCall, caller: Caller): Caller => {
    limitRate(rateLimiter, caller, call);
    const rule = accessRule(call.method);
    if (rule === undefined) throw internal();
    checkAccess(rule, caller);
    return caller;
  };
  return (call) => {
    // A service token is ignored at the edge: every caller of the gateway is a user or anonymous.
    const credentials = { authorization: call.authorization, clientAddress: call.remoteAddress };
    const known = authenticator.recall?.(credentials);
    if (known !== undefined) return admit(call, known);
    // A key that is not remembered is looked up by another service: an address may send as many of them as calls. They are counted apart,
    // so that calls of others at the address do not use up what a good key needs.
    if (namesApiKey(call.authorization)) refuseOverRate(rateLimiter.take(`keys of ${call.remoteAddress}`), call);
    return authenticator.authenticate(credentials).then(
      (caller) => admit(call, caller),
      (error: unknown) => {
        // A token that is refused names no caller: the call counts for its address, as one without a token does.
        limitRate(rateLimiter, {}, call);
        throw error;
      },
    );
  };
}

/** Lets the call through its gate within its deadline, unless it has passed it already. Throws ConnectError. */
export async function admitInTime(gate: Gate, context: HandlerContext): Promise<void> {
  const deadline = context.values.get(deadlineKey);
  try {
    const admitted = admitOnce(gate, context);
    // A call whose time was over when it came is counted like any other.
    await (deadline.signal.aborted ? admitted : deadline.bound(admitted));
    deadline.signal.throwIfAborted();
  } catch (error) {
    throw refusalOf(context, error);
  }
}

async function admitOnce(gate: Gate, context: HandlerContext): Promise<void> {
  const { method, requestHeader, responseHeader, values } = context;
  const admission = values.get(admissionKey);
  if (admission !== undefined) {
    for (const [name, value] of Object.entries(admission.headers)) responseHeader.set(name, value);
    if ('refusal' in admission) throw admission.refusal;
    values.set(callerKey, admission.caller);
    return;
  }
  const caller = await gate({
    method,
    authorization: requestHeader.get('authorization') ?? undefined,
    remoteAddress: values.get(remoteAddressKey),
    setHeader: (name, value) => responseHeader.set(name, value),
  });
  values.set(callerKey, caller);
}

function limitRate(limiter: RateLimiter, caller: Caller, call: GateCall): void {
  const { user } = caller;
  const { keyId, callsPerSecondMax = 0 } = user?.key ?? {};
  if (callsPerSecondMax > 0) refuseOverRate(limiter.take(`key ${keyId}`, callsPerSecondMax), call);
  refuseOverRate(limiter.take(user?.userId ?? call.remoteAddress), call);
}

function refuseOverRate(verdict: RateVerdict, call: GateCall): void {
  call.setHeader('x-ratelimit-limit', String(verdict.limit));
  call.setHeader('x-ratelimit-remaining', String(verdict.remaining));
  // As other gateways write it: the second, by the clock of Unix, from which nothing is used up any more.
  call.setHeader('x-ratelimit-reset', String(Math.ceil((Date.now() + verdict.resetAfterMs) / 1_000)));
  if (verdict.allowed) return;
  throw resourceExhausted(ErrorReason.RATE_LIMITED, 'too many calls; come back later', {
    retryDelayMs: verdict.retryAfterMs,
    metadata: { limit_per_second: String(verdict.limit) },
  });
}
