import type { MessageInitShape } from '@bufbuild/protobuf';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import type {
  CancelOrderResultSchema,
  ChangeOrdersRequest,
  ChangeOrdersResponseSchema,
  OrderChange,
  OrderChangeResultSchema,
  OrderName,
  PlaceOrderRequest,
  PlaceOrderResultSchema,
} from '#gen/outcry/order/v1/order_pb.ts';
import { requireUser } from '#platform/auth/ownership.ts';
import { Code } from '#platform/errors/code.ts';
import { invalidArgument, unavailable } from '#platform/errors/outcry-error.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { OrderDeps } from '../deps.ts';
import type { Order } from '../domain/order.ts';
import { cancelOne } from './cancel-orders.ts';
import { findOwnByKey } from './get-order.ts';
import { toItemError } from './messages/item-error.ts';
import { findOrder, orderNotFound } from './messages/owner.ts';
import { placeOne } from './place-orders.ts';

type ItemResult = MessageInitShape<typeof CancelOrderResultSchema> | MessageInitShape<typeof PlaceOrderResultSchema>;
/** The result of a change, and whether the outcome of one of its orders is not known. */
type Made = { result: MessageInitShape<typeof OrderChangeResultSchema>; isUnknown: boolean };

const itemsMax = 100;
const unknownCodes: ReadonlySet<number | undefined> = new Set([
  ...[Code.UNAVAILABLE, Code.DEADLINE_EXCEEDED, Code.RESOURCE_EXHAUSTED, Code.ABORTED, Code.CANCELLED, Code.INTERNAL],
]);

/** ChangeOrders: those of one symbol one after the other, those of different symbols side by side. */
export async function changeOrders(
  deps: OrderDeps,
  { changes }: ChangeOrdersRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof ChangeOrdersResponseSchema>> {
  const { userId: accountId } = requireUser(context);
  const itemCount = changes.reduce((count, { cancels, placings }) => count + cancels.length + placings.length, 0);
  if (changes.length === 0 || changes.length > itemsMax || itemCount > itemsMax) {
    throw invalidArgument('changes', `must be 1 to ${itemsMax}, with at most ${itemsMax} cancels and placings in all`);
  }
  const lastOfSymbol = new Map<string, Promise<Made>>();
  const making = changes.map((change) => {
    const before = lastOfSymbol.get(change.symbol);
    const made = makeAfter(deps, { change, accountId, before }, context);
    lastOfSymbol.set(change.symbol, made);
    return made;
  });
  const results = (await Promise.all(making)).map(({ result }) => result);
  return { results };
}

/** Makes a change once the one before has been made; never rejects. */
async function makeAfter(
  deps: OrderDeps,
  { change, accountId, before }: { change: OrderChange; accountId: string; before: Promise<Made> | undefined },
  context: CallContext,
): Promise<Made> {
  const { symbol, cancels, placings } = change;
  const notBegun = () => notBegunResult(context);
  if ((await before)?.isUnknown) {
    return { result: { cancels: cancels.map(notBegun), placings: placings.map(notBegun) }, isUnknown: true };
  }
  const find = (name: OrderName) => findInBook(deps, { name, symbol }, context);
  const cancelled = await Promise.all(cancels.map((name) => cancelOne(deps, () => find(name), context)));
  if (cancelled.some(isUnknown)) {
    return { result: { cancels: cancelled, placings: placings.map(notBegun) }, isUnknown: true };
  }
  const placed = await Promise.all(placings.map((order) => placeInBook(deps, { order, symbol, accountId }, context)));
  return { result: { cancels: cancelled, placings: placed }, isUnknown: placed.some(isUnknown) };
}

function isUnknown({ outcome }: ItemResult): boolean {
  return outcome?.case === 'error' && unknownCodes.has(outcome.value.code);
}

function notBegunResult(context: CallContext): { outcome: { case: 'error'; value: ReturnType<typeof toItemError> } } {
  const message = 'not begun, as the outcome of what comes before it in this book is not known';
  const error = unavailable(ErrorReason.DEPENDENCY_UNAVAILABLE, message);
  return { outcome: { case: 'error', value: toItemError(error, context) } };
}

async function findInBook(
  deps: OrderDeps,
  { name: { name }, symbol }: { name: OrderName; symbol: string },
  context: CallContext,
): Promise<Order> {
  const found =
    name.case === 'clientOrderId'
      ? await findOwnByKey(deps, name.value, context)
      : await findOrder(deps, name.value ?? '', context);
  if (found.symbol !== symbol) throw orderNotFound();
  return found;
}

function placeInBook(
  deps: OrderDeps,
  { order, symbol, accountId }: { order: PlaceOrderRequest; symbol: string; accountId: string },
  context: CallContext,
): ReturnType<typeof placeOne> {
  if (order.terms === undefined || order.terms.symbol === symbol) return placeOne(deps, { order, accountId }, context);
  const error = invalidArgument('terms.symbol', 'must be the symbol of the change');
  return Promise.resolve({ outcome: { case: 'error', value: toItemError(error, context) } });
}
