import { OrderInternalService } from '#gen/outcry/order/v1/internal_pb.ts';
import { implement, type ServiceBinding } from '#platform/rpc/server.ts';
import { placeOrderFor } from './handlers/place-order-for.ts';
import { streamOpenAt } from './handlers/stream-open-at.ts';
import type { Saga } from './saga/saga.ts';

/** What other services may ask. */
export function orderInternalService(saga: Saga): ServiceBinding {
  return implement(OrderInternalService, {
    placeOrderFor: (request, context) => placeOrderFor(saga, request, context),
    streamOpenAt: (request, context) => streamOpenAt(saga, request, context),
  });
}
