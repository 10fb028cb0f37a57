import { create, type MessageInitShape } from '@bufbuild/protobuf';
import type {
  PlaceOrdersItem,
  PlaceOrdersRequest,
  PlaceOrdersResponseSchema,
  PlaceOrdersResultSchema,
} from '#gen/outcry/order/v1/internal_pb.ts';
import {
  OrderService,
  type OrderServicePlaceOrdersRequest,
  type OrderServicePlaceOrdersResponseSchema,
  type PlaceOrderRequest,
  PlaceOrderRequestSchema,
  type PlaceOrderResultSchema,
} from '#gen/outcry/order/v1/order_pb.ts';
import { requireUser } from '#platform/auth/ownership.ts';
import { Code } from '#platform/errors/code.ts';
import { toOutcryError, toStatus } from '#platform/errors/details.ts';
import { deadlineExceeded, internal, invalidArgument } from '#platform/errors/outcry-error.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import { recordServerCall } from '#platform/rpc/call-span.ts';
import { gatherReady } from '#platform/rpc/gather-ready.ts';
import { runWithTrace, startTrace } from '#platform/telemetry/trace-context.ts';
import type { OrderDeps } from '../deps.ts';
import { toItemError } from './messages/item-error.ts';
import { placeForAccount } from './place-order.ts';

type Result = MessageInitShape<typeof PlaceOrdersResultSchema>;
type Response = MessageInitShape<typeof PlaceOrdersResponseSchema>;

const itemsMax = 100;
/** A group that seems to have been under way for longer comes from another clock. */
const underWayMsMax = 5_000;
/** What each item stands for. */
const method = OrderService.method.placeOrder;

/** PlaceOrders of people: orders of the caller, a result for each in their sequence. */
export async function placeOrders(
  deps: OrderDeps,
  { orders }: OrderServicePlaceOrdersRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof OrderServicePlaceOrdersResponseSchema>> {
  if (orders.length === 0 || orders.length > itemsMax) throw invalidArgument('orders', `must be 1 to ${itemsMax}`);
  const { userId } = requireUser(context);
  const lastOfKey = new Map<string, Promise<unknown>>();
  const results = orders.map((order) => {
    // Those of one key are decided one after the other: the first one that is stored counts.
    const before = lastOfKey.get(order.clientOrderId) ?? Promise.resolve();
    const result = before.then(() => placeOne(deps, { order, accountId: userId }, context));
    lastOfKey.set(order.clientOrderId, result);
    return result;
  });
  return { results: await Promise.all(results) };
}

/** The result of one placing; never rejects. */
export async function placeOne(
  deps: OrderDeps,
  { order, accountId }: { order: PlaceOrderRequest; accountId: string },
  context: CallContext,
): Promise<MessageInitShape<typeof PlaceOrderResultSchema>> {
  const startTimeMs = performance.now();
  try {
    const placed = await placeForAccount(deps, { ...order, accountId }, context);
    context.countItem?.(method, startTimeMs, undefined);
    return { outcome: { case: 'order', value: placed } };
  } catch (error) {
    context.countItem?.(method, startTimeMs, toOutcryError(error));
    return { outcome: { case: 'error', value: toItemError(error, context) } };
  }
}

/** PlaceOrders of the gateway: a group of orders, each as PlaceOrder of its own user. Results leave as they are known; none waits for its neighbours. */
export async function* placeOrderGroup(
  deps: OrderDeps,
  { items, sentTimeMs }: PlaceOrdersRequest,
  context: CallContext,
): AsyncGenerator<Response, void> {
  if (items.length === 0 || items.length > itemsMax) throw invalidArgument('items', `must be 1 to ${itemsMax}`);
  const beginTimeMs = beginTimeOf(Number(sentTimeMs), Date.now());
  const work = items.map((item, index) => placeItem(deps, { item, index, beginTimeMs }, context));
  // A draining server lets the group end as a unary call would: its grace ends the stream. An abandoned item is found again by its key.
  for await (const results of gatherReady(work)) yield { results };
}

/** From when the time that is left to each caller counts, Unix milliseconds. */
function beginTimeOf(sentTimeMs: number, receivedTimeMs: number): number {
  const underWayMs = receivedTimeMs - sentTimeMs;
  return underWayMs > 0 && underWayMs <= underWayMsMax ? sentTimeMs : receivedTimeMs;
}

/** The result of one item; never rejects, so that a bad item harms no other. */
async function placeItem(
  deps: OrderDeps,
  { item, index, beginTimeMs }: { item: PlaceOrdersItem; index: number; beginTimeMs: number },
  context: CallContext,
): Promise<Result> {
  const startTimeMs = performance.now();
  const trace = startTrace(item.traceparent, item.requestId || undefined);
  try {
    const order = await runWithTrace(trace, place, deps, item, beginTimeMs + item.remainingMs, context);
    context.countItem?.(method, startTimeMs, undefined);
    recordServerCall(trace, { method, startTimeMs, code: Code.OK });
    return { index, outcome: { case: 'response', value: { order } } };
  } catch (error) {
    const refusal = toOutcryError(error);
    context.countItem?.(method, startTimeMs, refusal);
    recordServerCall(trace, { method, startTimeMs, code: refusal.code, error: refusal });
    if (refusal.code === Code.INTERNAL) logFault(item, refusal.cause ?? refusal, context);
    return { index, outcome: { case: 'refusal', value: toStatus(refusal) } };
  }
}

async function place(deps: OrderDeps, item: PlaceOrdersItem, deadlineTimeMs: number, context: CallContext) {
  if (Date.now() >= deadlineTimeMs) throw deadlineExceeded();
  if (context.admitItem === undefined) throw internal(new Error('the call came from no server'));
  const caller = await context.admitItem(method, item.userToken);
  const { userId } = requireUser({ caller });
  const order = item.order ?? create(PlaceOrderRequestSchema);
  return placeForAccount(deps, { ...order, accountId: userId }, { deadlineTimeMs });
}

// The fault of an item is not that of the call: this is its only log line.
function logFault({ requestId }: PlaceOrdersItem, error: unknown, { logger }: CallContext): void {
  logger.error({ rpc: 'PlaceOrders', requestId, error }, 'an order of a group failed');
}
