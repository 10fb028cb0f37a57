/** Payments as their providers have them. Nothing here is of the ledger: `key` is whatever the caller names its payment by. */

/** Whether money comes in from a bank or goes out to one. */
export type PaymentDirection = 'in' | 'out';

/** `pending` until the provider knows the outcome. The others are final: `refused` was never taken on, `failed` could not be done. */
export type PaymentState = 'pending' | 'completed' | 'failed' | 'refused';

/** What a provider is asked to do. Amounts are in cents of the currency, above 0. */
export type PaymentOrder = {
  /** The caller's key: asking again under it changes nothing. */
  key: string;
  direction: PaymentDirection;
  amountCents: bigint;
  /** ISO 4217. */
  currency: string;
};

/** A payment at a provider. */
export type Payment = PaymentOrder & {
  /** The provider's own name of it. */
  paymentId: string;
  state: PaymentState;
};
