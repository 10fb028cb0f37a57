/** Binds every RPC of the order service to its handler. */
import { OrderAuditService } from '#gen/outcry/order/v1/audit_pb.ts';
import { OrderInternalService } from '#gen/outcry/order/v1/internal_pb.ts';
import { OrderService } from '#gen/outcry/order/v1/order_pb.ts';
import { bindHandlers } from '#platform/rpc/bind-handlers.ts';
import type { ServiceBinding } from '#platform/rpc/implementation.ts';
import type { OrderDeps } from '../deps.ts';
import { cancelAllOrders } from './cancel-all-orders.ts';
import { cancelOrder } from './cancel-order.ts';
import { cancelOrders } from './cancel-orders.ts';
import { changeOrders } from './change-orders.ts';
import { closeAllPositions } from './close-all-positions.ts';
import { closePosition } from './close-position.ts';
import { getOrder } from './get-order.ts';
import { getOrderList } from './get-order-list.ts';
import { keepSessionAlive } from './keep-session-alive.ts';
import { listFills } from './list-fills.ts';
import { listOrders } from './list-orders.ts';
import { placeOrder } from './place-order.ts';
import { placeOrderFor } from './place-order-for.ts';
import { placeOrderList } from './place-order-list.ts';
import { placeOrderGroup, placeOrders } from './place-orders.ts';
import { previewOrder } from './preview-order.ts';
import { previewOrderList } from './preview-order-list.ts';
import { readRows } from './read-rows.ts';
import { replaceOrder } from './replace-order.ts';
import { streamOpenAt } from './stream-open-at.ts';
import { streamOrders } from './stream-orders.ts';

/** The public service and those for other services. */
export function orderBindings(deps: OrderDeps): ServiceBinding[] {
  return [
    bindHandlers(OrderService, deps, {
      placeOrder,
      placeOrders,
      previewOrder,
      placeOrderList,
      previewOrderList,
      cancelOrder,
      cancelOrders,
      changeOrders,
      cancelAllOrders,
      closePosition,
      closeAllPositions,
      replaceOrder,
      keepSessionAlive,
      getOrder,
      getOrderList,
      listOrders,
      listFills,
      streamOrders,
    }),
    bindHandlers(OrderInternalService, deps, { placeOrderFor, placeOrders: placeOrderGroup, streamOpenAt }),
    bindHandlers(OrderAuditService, deps, { readRows }),
  ];
}
