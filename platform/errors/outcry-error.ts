/**
 * The one error family that crosses the wire. Handlers throw it, the rpc server maps it to a gRPC status with google.rpc
 * details, and the rpc client builds it again on the other side. The caller reads its message: it must not contain anything
 * internal.
 */
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { Code } from './code.ts';

/** A field of the request and what is wrong with it, in words for the caller. */
export type FieldViolation = { field: string; description: string };

/** What an error may carry beside code, reason and message. */
export type OutcryErrorOptions = {
  /** The numbers that the reason names, e.g. needed and available. */
  metadata?: Record<string, string>;
  violations?: FieldViolation[];
  /** When the caller should retry; sent as google.rpc.RetryInfo. */
  retryDelayMs?: number;
  /** The error that caused it; logged, never sent. */
  cause?: unknown;
};

/** A refusal or failure with a canonical code, a closed reason and a message that is safe for the caller. */
export class OutcryError extends Error {
  override readonly name = 'OutcryError';
  readonly code: Code;
  readonly reason: ErrorReason;
  readonly metadata: Record<string, string>;
  readonly violations: FieldViolation[];
  readonly retryDelayMs: number | undefined;

  constructor(code: Code, reason: ErrorReason, message: string, options: OutcryErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.reason = reason;
    this.metadata = options.metadata ?? {};
    this.violations = options.violations ?? [];
    this.retryDelayMs = options.retryDelayMs;
  }
}

/** INVALID_ARGUMENT for one field. */
export function invalidArgument(
  field: string,
  description: string,
  reason: ErrorReason = ErrorReason.INVALID_FIELD,
  metadata?: Record<string, string>,
): OutcryError {
  const violations = [{ field, description }];
  return new OutcryError(Code.INVALID_ARGUMENT, reason, `${field}: ${description}`, { violations, metadata });
}

/** INVALID_ARGUMENT for several fields at once. */
export function invalidArguments(violations: FieldViolation[]): OutcryError {
  const message = violations.map(({ field, description }) => `${field}: ${description}`).join('; ');
  return new OutcryError(Code.INVALID_ARGUMENT, ErrorReason.INVALID_FIELD, message, { violations });
}

/** NOT_FOUND: absent, or not visible to the caller. */
export function notFound(reason: ErrorReason, message: string, metadata?: Record<string, string>): OutcryError {
  return new OutcryError(Code.NOT_FOUND, reason, message, { metadata });
}

/** FAILED_PRECONDITION: a business refusal; the same call succeeds only after the state changed. */
export function refused(reason: ErrorReason, message: string, metadata?: Record<string, string>): OutcryError {
  return new OutcryError(Code.FAILED_PRECONDITION, reason, message, { metadata });
}

/** ABORTED: it met a newer state; the caller reads that and decides anew. */
export function aborted(reason: ErrorReason, message: string, metadata?: Record<string, string>): OutcryError {
  return new OutcryError(Code.ABORTED, reason, message, { metadata });
}

/** ALREADY_EXISTS: the key or name is taken by something else. */
export function alreadyExists(reason: ErrorReason, message: string, metadata?: Record<string, string>): OutcryError {
  return new OutcryError(Code.ALREADY_EXISTS, reason, message, { metadata });
}

/** PERMISSION_DENIED: the caller is known and may not. */
export function permissionDenied(reason: ErrorReason, message: string, metadata?: Record<string, string>): OutcryError {
  return new OutcryError(Code.PERMISSION_DENIED, reason, message, { metadata });
}

/** UNAUTHENTICATED: the caller is not known. */
export function unauthenticated(reason: ErrorReason, message: string, metadata?: Record<string, string>): OutcryError {
  return new OutcryError(Code.UNAUTHENTICATED, reason, message, { metadata });
}

/** RESOURCE_EXHAUSTED: over a limit; `retryDelayMs` says when to retry. */
export function resourceExhausted(
  reason: ErrorReason,
  message: string,
  options: { retryDelayMs?: number; metadata?: Record<string, string> } = {},
): OutcryError {
  return new OutcryError(Code.RESOURCE_EXHAUSTED, reason, message, options);
}

/** OUT_OF_RANGE: a position or page lies outside what exists. */
export function outOfRange(reason: ErrorReason, message: string, metadata?: Record<string, string>): OutcryError {
  return new OutcryError(Code.OUT_OF_RANGE, reason, message, { metadata });
}

/** UNAVAILABLE: nothing was done or the outcome is unknown; a keyed call may be sent again. */
export function unavailable(
  reason: ErrorReason = ErrorReason.DEPENDENCY_UNAVAILABLE,
  message = 'a part that this call needs is not reachable at the moment',
  metadata?: Record<string, string>,
): OutcryError {
  return new OutcryError(Code.UNAVAILABLE, reason, message, { metadata });
}

/** DEADLINE_EXCEEDED: the time is over; the outcome may be unknown. */
export function deadlineExceeded(
  reason: ErrorReason = ErrorReason.DEADLINE_EXPIRED,
  message = 'the deadline passed',
  metadata?: Record<string, string>,
): OutcryError {
  return new OutcryError(Code.DEADLINE_EXCEEDED, reason, message, { metadata });
}

/** CANCELLED: the caller gave up. */
export function cancelled(message = 'the caller cancelled the call'): OutcryError {
  return new OutcryError(Code.CANCELLED, ErrorReason.CANCELLED_BY_CALLER, message);
}

/** What a call or an item of a group ended with that was given up: DEADLINE_EXCEEDED when its time was over, else CANCELLED. */
export function abortError({ reason }: { readonly reason?: unknown }): OutcryError {
  if (reason instanceof OutcryError && reason.code === Code.DEADLINE_EXCEEDED) return reason;
  return reason instanceof Error && reason.name === 'TimeoutError' ? deadlineExceeded() : cancelled();
}

/** UNIMPLEMENTED: this release does not offer it. */
export function unimplemented(message: string): OutcryError {
  return new OutcryError(Code.UNIMPLEMENTED, ErrorReason.UNIMPLEMENTED, message);
}

/** INTERNAL, without any detail for the caller; `cause` is logged. */
export function internal(cause?: unknown): OutcryError {
  return new OutcryError(Code.INTERNAL, ErrorReason.INTERNAL, 'internal error', { cause });
}
