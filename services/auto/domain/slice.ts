/** Large orders that are worked in slices: the terms, and how far one was worked. */
import type { OrderDraft } from './order-draft.ts';

/** A large order and how it is spread over its time, in normal form, which is stored as JSON. */
export type SliceTerms = {
  /** The order as a whole: market or limit, by quantity. */
  order: OrderDraft;
  algorithm: 'twap' | 'vwap';
  /** From the start to the end, in ms. */
  durationMs: number;
  /** Orders that it is cut into, `orderCountMin` to `orderCountMax`. */
  orderCount: number;
  /** The most that an order may be of what was traded since the one before, in hundredths of a percent; undefined: no such bound. */
  maxBps?: number;
};

/** By what the orders of a slice are weighted. */
export type SliceProfile = 'even' | 'volume';

/** How far a slice was worked. Shares are in millionths. */
export type SliceProgress = {
  /** Undefined: not planned yet. */
  profile: SliceProfile | undefined;
  totalMicros: bigint;
  /** Shares of the orders that were placed. */
  placedMicros: bigint;
  filledMicros: bigint;
  placedCount: number;
  refusedCount: number;
};

/** Bounds of the terms. */
export const durationMinMs = 2_000;
export const durationMaxMs = 24 * 3_600_000;
export const orderCountMin = 2;
export const orderCountMax = 500;
export const orderDistanceMinMs = 1_000;
/** A thousand million shares: 500 orders of as many still add up in 64 bits. */
export const sliceQuantityMaxMicros = 10n ** 15n;

/** Orders of a slice whose owner states no number: one a minute. */
export function usualOrderCount(durationMs: number): number {
  return Math.min(orderCountMax, Math.max(orderCountMin, Math.floor(durationMs / 60_000)));
}

/** The order for a part of the shares (decimal text): what it cannot trade at once is left to the orders after it. */
export function orderOfPart({ order }: SliceTerms, quantity: string): OrderDraft {
  return { ...order, timeInForce: 'ioc', size: { kind: 'quantity', value: quantity } };
}

/** The client order id of an order of a slice: the same for each attempt. */
export function sliceOrderKey(runId: string, index: number): string {
  return `auto-${runId}-${index}`;
}
