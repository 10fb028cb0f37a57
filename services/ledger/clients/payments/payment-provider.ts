/** What the ledger asks of a payment provider, whatever its wire is. Nothing here is of the ledger, so that a provider knows nothing of it. */
import type { Payment, PaymentOrder } from '../../domain/payment.ts';

/** A callback as it arrived: signatures are over the bytes. */
export type RawCallback = {
  /** Values by lower-case name. */
  headers: Readonly<Record<string, string>>;
  body: Uint8Array;
};

/** A callback that its provider has signed. It may come late, twice, out of order, or for a payment of somebody else. */
export type PaymentCallback = {
  /** Names what happened, 1 to 200 characters: a delivery that is repeated has the same. */
  eventId: string;
  payment: Payment;
};

/** Which part of a provider's list to read. */
export type PaymentListRequest = {
  /** Payments that were made or changed since then, Unix milliseconds. */
  sinceMs: number;
  /** Where the page before ended; empty: the first page. */
  cursor: string;
  /** Payments a page, 1 to 200. */
  limit: number;
};

/** A page of a provider's list, in any order; `nextCursor` is empty at its end. */
export type PaymentPage = { payments: Payment[]; nextCursor: string };

/** A callback that is not taken: not signed by the provider, signed too long ago, or not readable. */
export class CallbackRefusedError extends Error {
  override readonly name = 'CallbackRefusedError';
  override readonly cause: 'unsigned' | 'stale' | 'malformed';

  constructor(cause: 'unsigned' | 'stale' | 'malformed') {
    super(`the callback is ${cause}`);
    this.cause = cause;
  }
}

/** Moves money to and from the banks outside. Calls reject when the provider does not answer: their outcome is unknown then. */
export type PaymentProvider = {
  /** 1 to 32 characters of [a-z0-9-]; it names the provider in addresses and in the database. */
  readonly name: string;
  /** Makes a payment, or returns the one that was made under its key before. A refused order is a payment in state `refused`. */
  create(order: PaymentOrder, signal: AbortSignal): Promise<Payment>;
  /** The payment under a key; undefined when there is none. */
  lookUp(key: string, signal: AbortSignal): Promise<Payment | undefined>;
  /** A page of all payments that were made or changed since a time. */
  list(request: PaymentListRequest, signal: AbortSignal): Promise<PaymentPage>;
  /** What a callback says, once it is proven that the provider sent it at about `nowMs`. Throws CallbackRefusedError. */
  readCallback(callback: RawCallback, nowMs: number): PaymentCallback;
};

/** The providers of a process, by name: new payments go to the first; those of an earlier configuration are finished at the others. */
export type PaymentProviders = {
  active: PaymentProvider;
  all: readonly PaymentProvider[];
  find(name: string): PaymentProvider | undefined;
};

/** The providers, of which there is at least one. */
export function paymentProviders(active: PaymentProvider, ...others: PaymentProvider[]): PaymentProviders {
  const all = [active, ...others];
  const byName = new Map(all.map((provider) => [provider.name, provider]));
  return { active, all, find: (name) => byName.get(name) };
}
