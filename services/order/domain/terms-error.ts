/** The terms of an order are not valid: a field is missing, malformed or out of range. The text is for the caller. */
export class TermsError extends Error {
  override readonly name = 'TermsError';
  /** Path of the field in the request. */
  readonly field: string;
  readonly description: string;
  /** A reason of the contract's closed list, without its prefix. */
  readonly reason: string;
  /** The numbers that the reason names. */
  readonly metadata: Record<string, string>;

  constructor(field: string, description: string, reason = 'INVALID_FIELD', metadata: Record<string, string> = {}) {
    super(`${field}: ${description}`);
    this.field = field;
    this.description = description;
    this.reason = reason;
    this.metadata = metadata;
  }
}
