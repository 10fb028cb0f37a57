import type { MessageInitShape } from '@bufbuild/protobuf';
import type { ClosePositionRequest, ClosePositionResponseSchema } from '#gen/outcry/order/v1/order_pb.ts';
import { requireUser } from '#platform/auth/ownership.ts';
import { QUANTITY_SCALE } from '#platform/money/decimal.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import { readDecimal, readKey, readSymbol } from '#platform/validation/request-fields.ts';
import type { OrderDeps } from '../deps.ts';
import { allOfIt, type ClosePart, PERCENTAGE_SCALE } from '../domain/close-position.ts';
import { closePosition as close } from '../saga/close-position.ts';
import { toPlacedOrder } from './messages/order-message.ts';
import { closeFault, refusalError } from './messages/reasons.ts';

/** ClosePosition: sells what the caller has of a symbol, or a part of it. */
export async function closePosition(
  deps: OrderDeps,
  request: ClosePositionRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof ClosePositionResponseSchema>> {
  const { userId: accountId } = requireUser(context);
  const clientOrderId = readKey(request.clientOrderId, 'client_order_id');
  const symbol = readSymbol('symbol', request.symbol);
  const part = readPart(request.part);
  try {
    const order = await close(deps, { accountId, clientOrderId, symbol, part, call: context });
    if (order.state === 'rejected' && order.refusal) throw refusalError(order.refusal, order.orderId);
    return { order: toPlacedOrder(order) };
  } catch (error) {
    throw closeFault(error);
  }
}

function readPart(part: ClosePositionRequest['part']): ClosePart {
  switch (part.case) {
    case 'quantity':
      return { kind: 'quantity', micros: readDecimal('quantity', part.value, QUANTITY_SCALE, { min: 1n }) };
    case 'percentage': {
      const bounds = { min: 1n, max: 100n * 10n ** BigInt(PERCENTAGE_SCALE) };
      return { kind: 'percentage', percentage: readDecimal('percentage', part.value, PERCENTAGE_SCALE, bounds) };
    }
    default:
      return allOfIt;
  }
}
