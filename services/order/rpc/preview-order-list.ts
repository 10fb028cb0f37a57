import type { MessageInitShape } from '@bufbuild/protobuf';
import type { PreviewOrderListRequest, PreviewOrderListResponseSchema } from '#gen/outcry/order/v1/order_pb.ts';
import { requireUser } from '#platform/auth/ownership.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { OrderDeps } from '../deps.ts';
import { feeMaxMicros } from '../domain/fees.ts';
import { listHold } from '../domain/list-cost.ts';
import { orderedLots } from '../domain/list-legs.ts';
import { cashText, type Order, priceText, sharesText, valueMicros } from '../domain/order.ts';
import { previewList } from '../saga/preview-list.ts';
import { fromPreviewedTerms } from './messages/list-message.ts';
import { termsFault, toReason } from './messages/reasons.ts';

/** PreviewOrderList: what a list would hold, and whether placing it would be refused now. */
export async function previewOrderList(
  deps: OrderDeps,
  request: PreviewOrderListRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof PreviewOrderListResponseSchema>> {
  const { userId: accountId } = requireUser(context);
  try {
    const list = fromPreviewedTerms(request.type, request.orders);
    const { legs, refusal } = await previewList(deps, { accountId, ...list });
    const lots = orderedLots(legs);
    const { cashMicros, lots: heldLots } = listHold(legs);
    return {
      orders: legs.map((order) => toPreviewed(order, lots)),
      holdCash: cashText(cashMicros),
      holdQuantity: sharesText(legs[0], heldLots),
      refusal: refusal && { reason: toReason(refusal.reason), metadata: refusal.metadata },
    };
  } catch (error) {
    throw termsFault(error);
  }
}

function toPreviewed(order: Order, lots: bigint) {
  return {
    quantity: sharesText(order, lots),
    limitPrice: priceText(order, order.priceTicks),
    feeMax: cashText(feeMaxMicros(order, order.side, valueMicros(order, lots, order.priceTicks))),
  };
}
