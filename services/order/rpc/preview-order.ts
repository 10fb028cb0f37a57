import type { MessageInitShape } from '@bufbuild/protobuf';
import type { PreviewOrderRequest, PreviewOrderResponseSchema } from '#gen/outcry/order/v1/order_pb.ts';
import { requireUser } from '#platform/auth/ownership.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { OrderDeps } from '../deps.ts';
import { openRefusal } from '../domain/admission.ts';
import { feeMaxCents, holdCents } from '../domain/fees.ts';
import { cashText, priceText, sharesText } from '../domain/order.ts';
import { priceFor } from '../saga/prepare-intent.ts';
import { readCounters } from '../store/read-counters.ts';
import { termsFault, toReason } from './messages/reasons.ts';
import { fromTerms } from './messages/terms-message.ts';

/** PreviewOrder: what an order would cost. Whether cash and shares suffice is decided by the ledger, when it takes the hold. */
export async function previewOrder(
  deps: OrderDeps,
  request: PreviewOrderRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof PreviewOrderResponseSchema>> {
  const { userId } = requireUser(context);
  try {
    const terms = fromTerms(request.terms);
    const { instrument, conditions, priced } = await priceFor(deps, userId, terms);
    const counters = await readCounters(deps.db, userId);
    const refusal = priced.refusal ?? openRefusal(counters, conditions, priced.notionalCents);
    return {
      quantity: sharesText(instrument, priced.quantityLots),
      limitPrice: priceText(instrument, priced.priceTicks),
      holdCash: cashText(holdCents(conditions, terms.side, priced.notionalCents)),
      feeMax: cashText(feeMaxCents(conditions, terms.side, priced.notionalCents)),
      refusal: refusal && { reason: toReason(refusal.reason), metadata: refusal.metadata },
    };
  } catch (error) {
    throw termsFault(error);
  }
}
