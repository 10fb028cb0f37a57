/** Binds every RPC of the order service to its handler. */
import { OrderInternalService } from '#gen/outcry/order/v1/internal_pb.ts';
import { OrderService } from '#gen/outcry/order/v1/order_pb.ts';
import { implement, type ServiceBinding } from '#platform/rpc/server.ts';
import type { Saga } from '../deps.ts';
import { cancelAllOrders } from './cancel-all-orders.ts';
import { cancelOrder } from './cancel-order.ts';
import { getOrder } from './get-order.ts';
import { listFills } from './list-fills.ts';
import { listOrders } from './list-orders.ts';
import { placeOrder } from './place-order.ts';
import { placeOrderFor } from './place-order-for.ts';
import { previewOrder } from './preview-order.ts';
import { streamOpenAt } from './stream-open-at.ts';
import { streamOrders } from './stream-orders.ts';

/** What people may ask of their orders, and what other services may ask. */
export function orderBindings(saga: Saga): ServiceBinding[] {
  return [
    implement(OrderService, {
      placeOrder: (request, context) => placeOrder(saga, request, context),
      previewOrder: (request, context) => previewOrder(saga, request, context),
      cancelOrder: (request, context) => cancelOrder(saga, request, context),
      cancelAllOrders: (request, context) => cancelAllOrders(saga, request, context),
      getOrder: (request, context) => getOrder(saga, request, context),
      listOrders: (request, context) => listOrders(saga, request, context),
      listFills: (request, context) => listFills(saga, request, context),
      streamOrders: (request, context) => streamOrders(saga, request, context),
    }),
    implement(OrderInternalService, {
      placeOrderFor: (request, context) => placeOrderFor(saga, request, context),
      streamOpenAt: (request, context) => streamOpenAt(saga, request, context),
    }),
  ];
}
