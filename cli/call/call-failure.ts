/** Failures of calls, by what a script can do about them. */
import { Code, ConnectError } from '@connectrpc/connect';
import { BadRequestSchema, ErrorInfoSchema, RetryInfoSchema } from '#gen/google/rpc/error_details_pb.ts';

/**
 * What a failed call means:
 *
 *     refused         the service decided; nothing was done
 *     not-signed-in   there is no token, or it is not valid
 *     no-answer       the call may have been done, or not, or may be done still
 */
export type FailureKind = 'refused' | 'not-signed-in' | 'no-answer';

/** A field of the request and what is wrong with it. */
type Violation = { field: string; description: string };

/** A call that failed. */
export class CallFailure extends Error {
  override readonly name = 'CallFailure';
  readonly kind: FailureKind;
  /** The gRPC status in Connect's words, e.g. `failed_precondition`. */
  readonly code: string;
  /** The reason from the closed list, without its prefix; empty without one. */
  readonly reason: string;
  /** The reason's numbers, as text. */
  readonly numbers: Readonly<Record<string, string>>;
  readonly violations: readonly Violation[];
  /** When the server wants to be called again, in ms. */
  readonly retryDelayMs: number | undefined;
  /** Whether the call may have been done: it had no answer, or an attempt before had none and this one says nothing of that. */
  isOpen: boolean;

  constructor(kind: FailureKind, message: string, options: Partial<CallFailure> = {}) {
    super(message, { cause: options.cause });
    this.kind = kind;
    this.code = options.code ?? '';
    this.reason = options.reason ?? '';
    this.numbers = options.numbers ?? {};
    this.violations = options.violations ?? [];
    this.retryDelayMs = options.retryDelayMs;
    this.isOpen = kind === 'no-answer';
  }
}

/**
 * The failure after an attempt without an answer. A key is looked up after its caller is known and allowed: a refusal of the caller says
 * nothing of the attempts before.
 */
export function afterNoAnswer(failure: CallFailure): CallFailure {
  if (failure.kind === 'not-signed-in' || failure.code === 'permission_denied') failure.isOpen = true;
  return failure;
}

/** There is no session. */
export function notSignedIn(message: string): CallFailure {
  return new CallFailure('not-signed-in', message);
}

const domain = 'outcry';
const decided = new Set([
  Code.InvalidArgument,
  Code.NotFound,
  Code.AlreadyExists,
  Code.PermissionDenied,
  Code.FailedPrecondition,
  Code.OutOfRange,
  Code.Unimplemented,
]);

/** The failure behind any error of a call. What was not decided by one of our services leaves the outcome open. */
export function toCallFailure(error: unknown): CallFailure {
  if (error instanceof CallFailure) return error;
  const failure = ConnectError.from(error);
  const info = failure.findDetails(ErrorInfoSchema).find((detail) => detail.domain === domain);
  const [retry] = failure.findDetails(RetryInfoSchema);
  return new CallFailure(kindOf(failure.code, info?.reason), failure.rawMessage, {
    code: Code[failure.code].replaceAll(/(?<=[a-z])(?=[A-Z])/g, '_').toLowerCase(),
    reason: info?.reason ?? '',
    numbers: { ...info?.metadata },
    violations: failure.findDetails(BadRequestSchema).flatMap(({ fieldViolations }) => fieldViolations),
    retryDelayMs: retry?.retryDelay && Number(retry.retryDelay.seconds) * 1_000 + retry.retryDelay.nanos / 1e6,
    cause: error,
  });
}

// A proxy on the way may answer with any status; only our own reason says that a service has decided.
function kindOf(code: Code, reason: string | undefined): FailureKind {
  if (reason === undefined) return 'no-answer';
  // Aborted, and decided all the same.
  if (reason === 'ORDER_REVISION_STALE') return 'refused';
  if (code === Code.Unauthenticated) return 'not-signed-in';
  return decided.has(code) ? 'refused' : 'no-answer';
}

/** The failure in one line with its reason and numbers. */
export function describeFailure({ kind, reason, message, numbers, violations }: CallFailure): string {
  const start = { refused: 'refused', 'not-signed-in': 'not signed in', 'no-answer': 'no answer' }[kind];
  const fields = violations.map(({ field, description }) => `${field} ${description}`).join('; ');
  const details = Object.entries(numbers)
    .map(([name, value]) => `${name.replaceAll('_', ' ')} ${value}`)
    .join(', ');
  const words = [start, reason, fields === '' ? message : fields].filter((word) => word !== '').join(': ');
  return details === '' ? words : `${words} (${details})`;
}
