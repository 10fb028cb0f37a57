/** Why the ledger refuses a well-formed request. The contract has the same names. */
export type RefusalReason =
  | 'account-not-found'
  | 'account-frozen'
  | 'account-closed'
  | 'cash-insufficient'
  | 'shares-insufficient'
  | 'amount-over-limit'
  | 'hold-closed'
  | 'key-reused'
  | 'position-limit-exceeded';

/** A business refusal with the numbers that its reason names, as decimals. */
export type Refusal = { reason: RefusalReason; metadata: Record<string, string> };
