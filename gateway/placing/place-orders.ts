/** PlaceOrder at the gateway: orders that wait are passed on together, by PlaceOrders. */
import type { OrderInternalService } from '#gen/outcry/order/v1/internal_pb.ts';
import { OrderInternalService as Orders } from '#gen/outcry/order/v1/internal_pb.ts';
import { OrderService } from '#gen/outcry/order/v1/order_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { fromStatus } from '#platform/errors/details.ts';
import { OutcryError } from '#platform/errors/outcry-error.ts';
import { bytesCallerOf, type RpcClient, repeaterOf } from '#platform/rpc/client.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';
import { type Trace, traceparentOf } from '#platform/telemetry/trace-context.ts';
import { type BytesContext, forwardBytes, type Outcome, type Upstream } from '../forward/forward-bytes.ts';
import { OrderQueue, type QueuedOrder, type QueueLimits, type QueueMetrics } from './order-queue.ts';

/**
 * Passes PlaceOrder on in groups, and orders that ask for a canary, or are copies, one by one. An order is keyed, so one that is answered UNAVAILABLE is sent
 * again under the rule of every client. An order service of an older release, which takes no groups, gets it by PlaceOrder.
 */
export function placeInGroups(options: {
  internal: RpcClient<typeof OrderInternalService>;
  orders: RpcClient<typeof OrderService>;
  metrics: Metrics;
  logger: Logger;
  limits?: Partial<QueueLimits>;
}): Upstream {
  const { internal, orders, metrics, logger, limits } = options;
  const { many } = bytesCallerOf(internal, Orders.method.placeOrders);
  const queue = new OrderQueue(many, limits, createQueueMetrics(metrics));
  const alone = forwardBytes(orders, OrderService.method.placeOrder);
  const repeat = repeaterOf(internal);
  const onRetry = (retry: object) => logger.debug({ rpc: 'PlaceOrders', ...retry }, 'order is sent again');

  return (request, context) => {
    // A group goes to one replica with one baggage; a call that has some of its own goes by itself.
    if (context.trace.baggage !== undefined) return alone(request, context);
    const order = new PlacedOrder(request, context);
    let isResent = false;
    const send = async () => {
      const flags = { isResent };
      isResent = true;
      const outcome = await queue.place(order, flags).catch((error: unknown) => {
        if (isUnknownRpc(error)) return alone(request, context);
        throw error;
      });
      return throwUnavailable(outcome);
    };
    return repeat({ send, deadlineTimeMs: context.deadlineTimeMs, signal: undefined, onRetry });
  };
}

class PlacedOrder implements QueuedOrder {
  readonly order: Uint8Array;
  readonly userToken: string;
  readonly traceparent: string;
  readonly requestId: string;
  readonly deadlineTimeMs: number;
  readonly trace: Trace;
  readonly #context: BytesContext;

  constructor(request: Uint8Array, context: BytesContext) {
    this.order = request;
    this.userToken = context.caller.user?.token ?? '';
    this.trace = context.trace;
    this.traceparent = traceparentOf(context.trace);
    this.requestId = context.trace.requestId;
    this.deadlineTimeMs = context.deadlineTimeMs;
    this.#context = context;
  }

  get isOver(): boolean {
    return this.#context.isOver;
  }
}

// Whether it is sent again is decided by what is thrown.
function throwUnavailable(outcome: Outcome): Outcome {
  if ('refusal' in outcome && outcome.refusal.code === Code.UNAVAILABLE) throw fromStatus(outcome.refusal);
  return outcome;
}

function isUnknownRpc(error: unknown): boolean {
  return error instanceof OutcryError && error.code === Code.UNIMPLEMENTED;
}

function createQueueMetrics(metrics: Metrics): QueueMetrics {
  const labels = ['batch'];
  const name = 'gateway_orders';
  const size = metrics
    .histogram({
      name: 'outcry_batch_size_items',
      help: 'Items of a group.',
      labels,
      buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000],
    })
    .labels(name);
  const length = metrics
    .gauge({ name: 'outcry_batch_queue_length_items', help: 'Items that wait for a group.', labels })
    .labels(name);
  const refused = metrics.counter({
    name: 'outcry_gateway_orders_refused_total',
    help: 'Orders that were refused because too many waited for the order service.',
  });
  return {
    sent: (items) => size.observe(items),
    waiting: (items) => length.set(items),
    refused: () => refused.inc(),
  };
}
