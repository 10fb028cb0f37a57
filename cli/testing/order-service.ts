/** An order service in memory that loses answers, for tests of calls under a key. */
import { create } from '@bufbuild/protobuf';
import { Code, ConnectError, createRouterTransport, type Transport } from '@connectrpc/connect';
import { ErrorInfoSchema } from '#gen/google/rpc/error_details_pb.ts';
import { type Order, OrderSchema, OrderService, OrderStatus, type OrderTerms } from '#gen/outcry/order/v1/order_pb.ts';

/** How a call ends: `lost` is done without an answer, `unsent` is not done and has no answer. */
export type Fate = 'answered' | 'lost' | 'unsent' | 'refused' | 'expired';

/** The service, what it has placed, and the fates of the next calls. */
export type OrderServiceStandIn = {
  transport: Transport;
  /** Orders by key. */
  placed: Map<string, OrderTerms | undefined>;
  /** Keys of all calls of PlaceOrder, ClosePosition and CloseAllPositions, in order. */
  calls: string[];
  /** Fates of the next of these calls; then all are answered. */
  fates: Fate[];
};

/** Starts with no order. */
export function createOrderService(): OrderServiceStandIn {
  const service = { placed: new Map<string, OrderTerms | undefined>(), calls: [] as string[], fates: [] as Fate[] };
  const transport = createRouterTransport((router) => {
    router.service(OrderService, {
      placeOrder({ clientOrderId, terms }) {
        service.calls.push(clientOrderId);
        const fate = service.fates.shift() ?? 'answered';
        if (fate === 'unsent') throw new ConnectError('gone', Code.Unavailable);
        if (fate === 'refused') throw refusal(Code.FailedPrecondition, 'CASH_INSUFFICIENT', { needed: '9.00' });
        if (fate === 'expired') throw refusal(Code.Unauthenticated, 'SESSION_ENDED', {});
        service.placed.set(clientOrderId, terms);
        if (fate === 'lost') throw new ConnectError('reset', Code.Aborted);
        return { order: orderOf(clientOrderId) };
      },
      closePosition({ clientOrderId }) {
        service.calls.push(clientOrderId);
        if (service.fates.shift() === 'unsent') throw new ConnectError('gone', Code.Unavailable);
        service.placed.set(clientOrderId, undefined);
        return { order: orderOf(clientOrderId) };
      },
      closeAllPositions({ idempotencyKey }) {
        service.calls.push(idempotencyKey);
        if (service.fates.shift() === 'unsent') throw new ConnectError('gone', Code.Unavailable);
        return {};
      },
      getOrder({ clientOrderId }) {
        if (!service.placed.has(clientOrderId)) throw refusal(Code.NotFound, 'KEY_NOT_FOUND', {});
        return { order: orderOf(clientOrderId) };
      },
    });
  });
  return { ...service, transport };
}

function orderOf(clientOrderId: string): Order {
  return create(OrderSchema, { clientOrderId, orderId: `order of ${clientOrderId}`, status: OrderStatus.FILLED });
}

function refusal(code: Code, reason: string, metadata: Record<string, string>): ConnectError {
  const error = new ConnectError('refused', code);
  error.details = [{ desc: ErrorInfoSchema, value: { reason, domain: 'outcry', metadata } }];
  return error;
}
