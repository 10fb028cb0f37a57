import { create } from '@bufbuild/protobuf';
import { type ItemError, ItemErrorSchema } from '#gen/outcry/order/v1/order_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { toOutcryError } from '#platform/errors/details.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';

/** Why an item of a call failed, as its own call would be answered. A fault of this service is logged: the call itself is none. */
export function toItemError(error: unknown, { logger, method }: Pick<CallContext, 'logger' | 'method'>): ItemError {
  const known = toOutcryError(error);
  if (known.code === Code.INTERNAL) {
    logger.error({ rpc: method.name, error: known.cause ?? known }, 'an item of a call failed');
  }
  const { code, reason, message, metadata } = known;
  return create(ItemErrorSchema, { code, reason, message, metadata });
}
