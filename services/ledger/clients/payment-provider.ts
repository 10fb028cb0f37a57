import type { TransferTerms } from '../domain/transfer.ts';

/** The provider's outcome of a payment: `pending` while it is not known yet. The other two are final. */
export type PaymentOutcome = 'completed' | 'failed' | 'pending';

/** One payment. Its id is the key: requesting it again changes nothing and returns the outcome. */
export type Payment = TransferTerms & { transferId: string };

/** Moves money between the ledger's accounts and the banks outside. */
export type PaymentProvider = {
  /** Brings cash in or pays it out. Rejects when the provider cannot be reached; the transfer stays pending then. */
  pay(payment: Payment, signal: AbortSignal): Promise<PaymentOutcome>;
};

/** A provider without a bank, for a laptop: every payment is completed at once. */
export function createLocalPaymentProvider(): PaymentProvider {
  return { pay: async () => 'completed' };
}
