/** Calls for the market of their own moment: too late they are not sent again, but only looked up. */
import { create, fromJson, type JsonObject, type JsonValue, toJson } from '@bufbuild/protobuf';
import { ErrorReasonSchema } from '#gen/outcry/errors/v1/errors_pb.ts';
import {
  type GetOrderResponse,
  type Order,
  OrderService,
  OrderStatus,
  PlaceOrderListRequestSchema,
  PlaceOrderListResponseSchema,
  PlaceOrderRequestSchema,
  PlaceOrderResponseSchema,
} from '#gen/outcry/order/v1/order_pb.ts';
import { ListType } from '#gen/outcry/trading/v1/trading_pb.ts';
import { CallFailure, toCallFailure } from '../call/call-failure.ts';
import { enumName } from '../output/words.ts';
import type { Api } from '../session/api.ts';
import { isForTheMoment } from './keyed-rpcs.ts';

/** What came of a call: the answer that it would have had, or its refusal. */
export type FoundCall = { answer: JsonValue } | { refusal: CallFailure };

/** An RPC whose call may be for the moment. */
export type MomentRpc = {
  isForTheMoment(request: JsonObject): boolean;
  /** What came of the call under a key; undefined: nothing was placed under it. */
  find(api: Api, key: string): Promise<FoundCall | undefined>;
};

const { placeOrder, closePosition, placeOrderList, getOrder, getOrderList } = OrderService.method;

const momentRpcs: Readonly<Record<string, MomentRpc>> = {
  [`${OrderService.typeName}/${placeOrder.name}`]: {
    isForTheMoment(request) {
      const { terms } = fromJson(PlaceOrderRequestSchema, request);
      return terms !== undefined && isForTheMoment(terms);
    },
    find: async (api, clientOrderId) => foundOrder(await api.call(getOrder, { clientOrderId })),
  },
  [`${OrderService.typeName}/${closePosition.name}`]: {
    isForTheMoment: () => true,
    find: async (api, clientOrderId) => foundOrder(await api.call(getOrder, { clientOrderId })),
  },
  [`${OrderService.typeName}/${placeOrderList.name}`]: {
    isForTheMoment(request) {
      const { type, orders } = fromJson(PlaceOrderListRequestSchema, request);
      const entry = type === ListType.OCO ? undefined : orders[0]?.terms;
      return entry !== undefined && isForTheMoment(entry);
    },
    async find(api, clientListId) {
      const { listId, orders } = await api.call(getOrderList, { clientListId });
      const answer = create(PlaceOrderListResponseSchema, { listId, orders });
      return refusalOf('list', listId, orders[0]) ?? { answer: toJson(PlaceOrderListResponseSchema, answer) };
    },
  },
};

/** What is known of an RPC by its name; undefined: none of its calls is for the moment. */
export function momentRpcOf(rpc: string): MomentRpc | undefined {
  return momentRpcs[rpc];
}

/** What came of a call, or undefined for a key under which nothing was placed. */
export async function lookUp(api: Api, rpc: MomentRpc, key: string): Promise<FoundCall | undefined> {
  try {
    return await rpc.find(api, key);
  } catch (error) {
    const failure = toCallFailure(error);
    if (failure.code === 'not_found') return undefined;
    // What was asked was to look it up; the order itself may be there.
    failure.isOpen = true;
    throw failure;
  }
}

/** Also the answer of a sale of a position: it has the same form. */
function foundOrder({ order }: GetOrderResponse): FoundCall | undefined {
  if (order === undefined) return undefined;
  const answer = create(PlaceOrderResponseSchema, { order });
  return refusalOf('order', order.orderId, order) ?? { answer: toJson(PlaceOrderResponseSchema, answer) };
}

function refusalOf(what: string, id: string, order: Order | undefined): FoundCall | undefined {
  if (order?.status !== OrderStatus.REJECTED) return undefined;
  const reason = enumName(ErrorReasonSchema, order.refusal?.reason ?? 0);
  const numbers = order.refusal?.metadata;
  return { refusal: new CallFailure('refused', `${what} ${id} was refused`, { reason, numbers }) };
}
