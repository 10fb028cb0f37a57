/** Order ids that contain a number, so that what was acknowledged, and what is in the feed, is marked in an array. */

/** A UUID version 7 made at a time in Unix ms, with a number of up to 2^48 - 1 in its last part. */
export function orderIdOf(number: number, timeMs: number): string {
  const time = timeMs.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${number.toString(16).padStart(12, '0')}`;
}

/** The number in such an id. */
export function numberOf(orderId: string): number {
  return Number.parseInt(orderId.slice(-12), 16);
}
