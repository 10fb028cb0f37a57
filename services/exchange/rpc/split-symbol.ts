import type { MessageInitShape } from '@bufbuild/protobuf';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import type { SplitSymbolRequest, SplitSymbolResponseSchema } from '#gen/outcry/exchange/v1/exchange_pb.ts';
import { notFound, refused } from '#platform/errors/outcry-error.ts';
import type { ExchangeDeps } from '../deps.ts';
import { termOfSymbol } from '../replication/find-term.ts';
import { isCommandId, isSymbol, requireFields } from './messages/fields.ts';
import { isWithin } from './messages/order-terms.ts';

/** Greatest number on either side of a split. */
export const splitMax = 1_000;

/**
 * Refuses a share split. The engine rewrites a book (R33), but holdings, holds and the terms of orders are other services', which cannot
 * follow it before there are corporate actions: shares of a listed symbol may have been issued without an order ever having rested here.
 */
export async function splitSymbol(
  deps: ExchangeDeps,
  request: SplitSymbolRequest,
): Promise<MessageInitShape<typeof SplitSymbolResponseSchema>> {
  const { commandId, symbol, numerator, denominator } = request;
  requireFields([
    isCommandId(commandId),
    isSymbol(symbol),
    [isWithin(numerator, 1, splitMax), 'numerator', `must be 1 to ${splitMax}`],
    [isWithin(denominator, 1, splitMax), 'denominator', `must be 1 to ${splitMax}`],
    [numerator !== denominator, 'denominator', 'must not be the numerator'],
  ]);
  const isListed = termOfSymbol(deps, symbol).listingOf(symbol) !== undefined;
  if (!isListed) throw notFound(ErrorReason.SYMBOL_UNKNOWN, 'no instrument has this symbol', { symbol });
  throw refused(ErrorReason.SPLIT_NOT_SUPPORTED, 'shares of a listed symbol cannot be split yet', { symbol });
}
