/** The change of a live order, as far as its hold is concerned. */
import type { Refusal } from './refusal.ts';

/** What an order may become: its lots, traded ones included, and the worst price at which it may trade, in ticks. */
export type AmendedTerms = { lots: bigint; priceTicks: bigint };

/** A change of an order; the hold is to pay for it. */
export type AmendmentRequest = AmendedTerms & {
  /** 1 for the first change of the order, and one more for each that follows; no number is used twice. */
  number: number;
  /** Names the change at the exchange. */
  commandId: string;
};

/**
 * The last change that a hold was asked for. `pending` from when it is paid for until the exchange's feed has its outcome; then `ended`.
 * `refused` when it was not paid for: the exchange never got it.
 */
export type Amendment = AmendmentRequest &
  ({ state: 'pending' | 'ended'; refusal: undefined } | { state: 'refused'; refusal: Refusal });
