/** Errors of calls, and their text for the user. */

type Json = Record<string, unknown>;

/** A field that is wrong, such as `terms.limit_price`, and in what way. */
export type Violation = { field: string; description: string };

/** A failed call: the code in Connect's words, the closed reason with its numbers, and what is wrong with which field. */
export class CallError extends Error {
  readonly code: string;
  readonly reason: string;
  readonly metadata: Record<string, string>;
  readonly violations: Violation[];

  constructor(options: {
    code: string;
    message: string;
    reason?: string;
    metadata?: Record<string, string>;
    violations?: Violation[];
  }) {
    super(options.message);
    this.code = options.code;
    this.reason = options.reason ?? '';
    this.metadata = options.metadata ?? {};
    this.violations = options.violations ?? [];
  }
}

// Errors whose call may or may not have been carried out.
const unknownOutcomes = ['unavailable', 'deadline_exceeded', 'canceled', 'unknown'];

/** Whether the outcome of the call is unknown; it may be sent again under the same key. */
export function isOutcomeUnknown(error: unknown): boolean {
  return error instanceof CallError && unknownOutcomes.includes(error.code);
}

/** The error in a body of the Connect protocol. */
export function callErrorFrom(body: Json): CallError {
  const details = ((body.details ?? []) as { debug?: Json }[]).map(({ debug }) => debug ?? {});
  const info = details.find(({ reason }) => reason !== undefined) ?? {};
  const violations = details.flatMap(({ fieldViolations }) => (fieldViolations ?? []) as Violation[]);
  return new CallError({
    code: String(body.code ?? 'unknown'),
    message: String(body.message ?? body.code ?? 'the call failed'),
    reason: String(info.reason ?? ''),
    metadata: (info.metadata ?? {}) as Record<string, string>,
    violations,
  });
}

/** The error as a sentence with its numbers, e.g. `There are too few shares (needed 10, available 4, held 0).` */
export function errorText(error: unknown): string {
  if (!(error instanceof CallError)) return 'The page could not do this.';
  const [violation] = error.violations;
  if (violation === undefined) return sentence(error.message, error.metadata);
  const field = (violation.field.split('.').pop() ?? '').replaceAll('_', ' ');
  return sentence(`${field} ${violation.description}`, error.metadata);
}

/** The refusal stored with an order, as a sentence with its numbers. */
export function refusalText(refusal: { reason?: string; metadata?: Record<string, string> }): string {
  const words = (refusal.reason ?? '').replace('ERROR_REASON_', '').replaceAll('_', ' ').toLowerCase();
  return sentence(words, refusal.metadata ?? {});
}

function sentence(text: string, metadata: Record<string, string>): string {
  // The order's id is left out: the list of orders shows which order it is.
  const numbers = Object.entries(metadata).filter(([name]) => name !== 'order_id');
  const details = numbers.map(([name, value]) => `${name.replaceAll('_', ' ')} ${value}`).join(', ');
  const start = text.charAt(0).toUpperCase() + text.slice(1);
  return details === '' ? `${start}.` : `${start} (${details}).`;
}
