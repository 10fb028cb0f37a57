/** Failed calls: their code, the closed reason with its numbers, and what is wrong with which field. */
import { Code, ConnectError } from '@connectrpc/connect';

/** A field that is wrong, such as `terms.limit_price`, and in what way. */
export type Violation = { field: string; description: string };

/** What is known of a failed call. */
export type Failure = {
  code: Code;
  message: string;
  /** Name of the reason without its prefix, such as `CASH_INSUFFICIENT`; empty: none. */
  reason: string;
  metadata: Record<string, string>;
  violations: Violation[];
  /** Under which the server's logs have the call; empty: it never came there. */
  requestId: string;
};

type Details = { reason?: string; metadata?: Record<string, string>; fieldViolations?: Violation[] };

// What Chromium, Firefox and Safari throw where there is no connection.
const unreached = /failed to fetch|networkerror|load failed|network connection/i;

// A call that failed so may or may not have been carried out.
const unknownOutcomes: readonly Code[] = [Code.Unavailable, Code.DeadlineExceeded, Code.Canceled, Code.Unknown];

/** What is known of an error of a call, or of anything else that was thrown. */
export function failureOf(error: unknown): Failure {
  const failed = ConnectError.from(error);
  const isUnreached =
    failed.code === Code.Unknown && failed.cause instanceof TypeError && unreached.test(failed.cause.message);
  const details = failed.details.map(
    (detail) => ('debug' in detail ? (detail.debug as Details | undefined) : undefined) ?? {},
  );
  const info = details.find(({ reason }) => reason !== undefined) ?? {};
  return {
    code: isUnreached ? Code.Unavailable : failed.code,
    message: failed.rawMessage,
    reason: info.reason ?? '',
    metadata: info.metadata ?? {},
    violations: details.flatMap(({ fieldViolations }) => fieldViolations ?? []),
    requestId: failed.metadata.get('x-request-id') ?? '',
  };
}

/** Whether the outcome is unknown; the call may be repeated under its key. */
export function isOutcomeUnknown({ code }: Pick<Failure, 'code'>): boolean {
  return unknownOutcomes.includes(code);
}

/** The failure as a sentence for a person, without codes. */
export function failureText(failure: Failure): string {
  if (failure.code === Code.Unavailable && failure.reason === '') return 'The server cannot be reached at the moment.';
  const [violation] = failure.violations;
  if (violation === undefined) return sentence(failure.message || 'this did not work');
  const field = (violation.field.split('.').pop() ?? '').replaceAll('_', ' ');
  return sentence(`${field} ${violation.description}`);
}

/** The text with a capital letter and a full stop. */
export function sentence(text: string): string {
  const start = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(start) ? start : `${start}.`;
}
