/** The filters of lists, from proto to domain. */
import { type ListOrdersRequest, OrderSort, OrderStatus } from '#gen/outcry/order/v1/order_pb.ts';
import { Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import { invalidArgument } from '#platform/errors/outcry-error.ts';
import { isUuidV7 } from '#platform/ids/uuid-v7.ts';
import { readSymbol } from '#platform/validation/request-fields.ts';
import { readFromUntil } from '#platform/validation/time-range.ts';
import type * as domain from '../../domain/order.ts';
import { fromSide } from './enums.ts';

const symbolsMax = 50;
const prefixForm = /^[A-Za-z0-9._:-]{0,64}$/;
const finalStatuses: readonly domain.OrderStatus[] = ['filled', 'cancelled', 'rejected'];

const statuses = new Map<OrderStatus, domain.OrderStatus>([
  [OrderStatus.PENDING, 'pending'],
  [OrderStatus.OPEN, 'open'],
  [OrderStatus.PARTIALLY_FILLED, 'partially-filled'],
  [OrderStatus.FILLED, 'filled'],
  [OrderStatus.CANCELLED, 'cancelled'],
  [OrderStatus.REJECTED, 'rejected'],
]);

const sorts = new Map<OrderSort, 'change' | 'creation-newest' | 'creation-oldest'>([
  [OrderSort.UNSPECIFIED, 'change'],
  [OrderSort.BY_CHANGE, 'change'],
  [OrderSort.BY_CREATION, 'creation-newest'],
  [OrderSort.BY_CREATION_OLDEST_FIRST, 'creation-oldest'],
]);

/** The filters of ListOrders but for the account. Throws INVALID_ARGUMENT. */
export function readOrderFilter(request: ListOrdersRequest) {
  const wanted = readStatuses(request.statuses);
  const isOpen = wanted !== undefined && !wanted.some((status) => finalStatuses.includes(status));
  return {
    openOnly: request.openOnly || isOpen,
    symbols: readSymbols(request),
    side: readSide(request.side),
    statuses: wanted,
    clientOrderIdPrefix: readPrefix(request.clientOrderIdPrefix),
    listId: readListId(request.listId),
    ...readFromUntil(request),
  };
}

/** The sequence of ListOrders. Throws INVALID_ARGUMENT. */
export function readOrderSort(sort: OrderSort) {
  const known = sorts.get(sort);
  if (known === undefined) throw invalidArgument('sort', 'is not a sort of this release');
  return known;
}

/** A side to filter by; undefined: both. Throws INVALID_ARGUMENT. */
export function readSide(side: Side): domain.Side | undefined {
  if (side === Side.UNSPECIFIED) return undefined;
  const known = fromSide(side);
  if (known === 'unset') throw invalidArgument('side', 'must be BUY or SELL');
  return known;
}

function readStatuses(wanted: readonly OrderStatus[]): domain.OrderStatus[] | undefined {
  if (wanted.length === 0) return undefined;
  if (wanted.length > statuses.size) throw invalidArgument('statuses', `must be at most ${statuses.size}`);
  return [...new Set(wanted)].map((status) => {
    const known = statuses.get(status);
    if (known === undefined) throw invalidArgument('statuses', 'has one that is not a status of this release');
    return known;
  });
}

function readSymbols({ symbol, symbols }: ListOrdersRequest): string[] | undefined {
  if (symbol !== '' && symbols.length > 0) throw invalidArgument('symbols', 'must be empty when symbol is given');
  if (symbols.length > symbolsMax) throw invalidArgument('symbols', `must be at most ${symbolsMax}`);
  if (symbols.length > 0) return [...new Set(symbols)].map((one) => readSymbol('symbols', one));
  // Any text was taken here before there were other filters; one that is no symbol has no orders.
  return symbol === '' ? undefined : [symbol];
}

function readListId(listId: string): string | undefined {
  if (listId === '' || isUuidV7(listId)) return listId || undefined;
  throw invalidArgument('list_id', 'must be a UUID of version 7');
}

function readPrefix(prefix: string): string {
  if (prefixForm.test(prefix)) return prefix;
  throw invalidArgument('client_order_id_prefix', 'must be at most 64 characters of [A-Za-z0-9._:-]');
}
