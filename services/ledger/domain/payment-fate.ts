/** The fate of a payment at the local provider: drawn from a seed and the payment's key, so that a run can be repeated. */
import type { PaymentState } from './payment.ts';

/** What can go wrong, and how often in percent. With zeros everywhere, a payment is completed at once. */
export type LocalPaymentSwitches = {
  seed: number;
  /** The longest time from a payment to its outcome, in ms; 0: at once. A payment takes at least half of it. */
  delayMsMax: number;
  /** Payments that are refused at once. */
  refusedPercent: number;
  /** Payments that are taken on and then fail. */
  failedPercent: number;
  /** Payments whose first answer never arrives: the caller does not know whether they were made. */
  unansweredPercent: number;
  /** Payments whose callback is never sent. */
  lostPercent: number;
  /** Payments whose callback is sent three times. */
  repeatedPercent: number;
  /** Payments whose callback comes by `lateMs` later. */
  latePercent: number;
  lateMs: number;
};

/** What happens to one payment. */
export type PaymentFate = {
  outcome: Exclude<PaymentState, 'pending'>;
  /** From the payment to its outcome, in ms. */
  delayMs: number;
  /** Whether the answer to the call that makes it gets lost. */
  isUnanswered: boolean;
  /** When callbacks are sent, in ms from the payment. A payment whose caller was answered with its outcome has none. */
  callbacksMs: number[];
};

/** No faults and no delays. */
export const noFaults: LocalPaymentSwitches = {
  seed: 1,
  delayMsMax: 0,
  refusedPercent: 0,
  failedPercent: 0,
  unansweredPercent: 0,
  lostPercent: 0,
  repeatedPercent: 0,
  latePercent: 0,
  lateMs: 0,
};

const copyPauseMs = 200;

/** The fate of a payment. `draw` returns an equally distributed number in [0, 1) for each name, always the same for one payment. */
export function drawFate(switches: LocalPaymentSwitches, draw: (name: string) => number): PaymentFate {
  const happens = (name: string, percent: number) => draw(name) * 100 < percent;
  const isRefused = happens('refused', switches.refusedPercent);
  const delayMs = isRefused ? 0 : Math.ceil(switches.delayMsMax * (1 - draw('delay') / 2));
  const isUnanswered = happens('unanswered', switches.unansweredPercent);
  const isRepeated = happens('repeated', switches.repeatedPercent);
  const isSent = (delayMs > 0 || isUnanswered || isRepeated) && !happens('lost', switches.lostPercent);
  const firstMs = delayMs + (happens('late', switches.latePercent) ? switches.lateMs : 0);
  const copies = isRepeated ? [0, 1, 2] : [0];
  return {
    outcome: isRefused ? 'refused' : happens('failed', switches.failedPercent) ? 'failed' : 'completed',
    delayMs,
    isUnanswered,
    callbacksMs: isSent ? copies.map((copy) => firstMs + copy * copyPauseMs) : [],
  };
}
