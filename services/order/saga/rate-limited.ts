import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { type OutcryError, resourceExhausted } from '#platform/errors/outcry-error.ts';

/** ORDER_RATE_OVER_LIMIT: more orders and changes in a second than the account may ask for. */
export function rateLimited(limit: number): OutcryError {
  const metadata = { limit: String(limit) };
  const message = 'more orders in a second than the account may place';
  return resourceExhausted(ErrorReason.ORDER_RATE_OVER_LIMIT, message, { retryDelayMs: 1_000, metadata });
}
