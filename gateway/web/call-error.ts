/** Why a call failed, and how that is told to a person. */

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

/** Whether nobody can say what became of the call; under the same key it may be sent again. */
export function isOutcomeUnknown(error: unknown): boolean {
  return error instanceof CallError && unknownOutcomes.includes(error.code);
}

/** The error that a body of the Connect protocol tells. */
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

/** A refusal that is kept with an order, as a sentence with its numbers. */
export function refusalText(refusal: { reason?: string; metadata?: Record<string, string> }): string {
  const words = (refusal.reason ?? '').replace('ERROR_REASON_', '').replaceAll('_', ' ').toLowerCase();
  return sentence(words, refusal.metadata ?? {});
}

function sentence(text: string, metadata: Record<string, string>): string {
  // The order's id tells a person nothing that the list of orders does not show.
  const numbers = Object.entries(metadata).filter(([name]) => name !== 'order_id');
  const told = numbers.map(([name, value]) => `${name.replaceAll('_', ' ')} ${value}`).join(', ');
  const start = text.charAt(0).toUpperCase() + text.slice(1);
  return told === '' ? `${start}.` : `${start} (${told}).`;
}
