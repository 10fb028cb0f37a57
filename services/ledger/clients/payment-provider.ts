import type { TransferTerms } from '../domain/transfer.ts';

/** What a provider says of a transfer: `pending` while it does not know yet. The other two are final. */
export type PaymentOutcome = 'completed' | 'failed' | 'pending';

/** One payment; its id is the key, so asking for it again does nothing new and gives the outcome. */
export type Payment = TransferTerms & { transferId: string };

/** The world of money outside. */
export type PaymentProvider = {
  /** Brings cash in or takes it out. Rejects when the provider cannot be reached; the transfer stays pending then. */
  pay(payment: Payment, signal: AbortSignal): Promise<PaymentOutcome>;
};

/** A provider for a laptop: every payment is done at once. */
export function createLocalPaymentProvider(): PaymentProvider {
  return { pay: async () => 'completed' };
}
