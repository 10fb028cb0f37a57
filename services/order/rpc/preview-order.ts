import type { MessageInitShape } from '@bufbuild/protobuf';
import type { PreviewOrderRequest, PreviewOrderResponseSchema } from '#gen/outcry/order/v1/order_pb.ts';
import { requireUser } from '#platform/auth/ownership.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { OrderDeps } from '../deps.ts';
import { feeMaxMicros, holdMicros } from '../domain/fees.ts';
import { cashText, priceText, sharesText } from '../domain/order.ts';
import { previewOrder as preview } from '../saga/preview-order.ts';
import { termsFault, toReason } from './messages/reasons.ts';
import { fromTerms } from './messages/terms-message.ts';

/** PreviewOrder: what an order would cost, and whether placing it would be refused now. */
export async function previewOrder(
  deps: OrderDeps,
  request: PreviewOrderRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof PreviewOrderResponseSchema>> {
  const { userId: accountId } = requireUser(context);
  try {
    const terms = fromTerms(request.terms);
    const previewed = await preview(deps, { accountId, clientOrderId: '', terms });
    const { order, notionalMicros, estimatedLots, refusal } = previewed;
    const held = order.specials?.amountMicros ?? holdMicros(order, order.side, notionalMicros);
    return {
      quantity: sharesText(order, estimatedLots),
      limitPrice: priceText(order, order.priceTicks),
      holdCash: cashText(held),
      feeMax: cashText(feeMaxMicros(order, order.side, notionalMicros)),
      refusal: refusal && { reason: toReason(refusal.reason), metadata: refusal.metadata },
    };
  } catch (error) {
    throw termsFault(error);
  }
}
