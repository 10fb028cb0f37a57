import { uuidV7Floor } from '#platform/ids/uuid-v7.ts';
import type { Sql } from '#platform/postgres/sql.ts';
import type { Order } from '../domain/order.ts';
import { keyAt, keyIn, listOrders, type OrderFilter, type OrderSequence, type OrderSpan } from './list-orders.ts';

/** How a list of orders is sorted. */
export type OrderListSort = 'change' | 'creation-newest' | 'creation-oldest';

/**
 * Where a page begins. By creation: behind the order of this id. By change, newest first: behind the change `key`, of a walk whose first page
 * began at the change `head`; without `key` the walk has been through all that it began with, and goes on with what changed behind `head`.
 */
export type OrderCursor = { key: string } | { head: string; key: string | undefined };

/** A page, and where the next one begins; undefined: it was the last. */
export type OrderPage = { orders: Order[]; next: OrderCursor | undefined };

/** What to read. `limit` is the number of orders of a page. */
export type OrderPageRequest = {
  filter: OrderFilter;
  sort: OrderListSort;
  cursor: OrderCursor | undefined;
  limit: number;
};

/** Orders that are looked through for a page, where a filter may leave most of them out. */
const lookedThroughMax = 10_000;

/** The form of a cursor in a token, by sort. */
export const cursorForms: Record<OrderListSort, RegExp> = {
  change: /^\d{1,18}(?:\.\d{1,18})?$/,
  'creation-newest': /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  'creation-oldest': /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
};

/** The cursor of a text that has the sort's form. */
export function toCursor(sort: OrderListSort, text: string): OrderCursor {
  if (sort !== 'change') return { key: text };
  const [head = '', key] = text.split('.');
  return { head, key };
}

/** The text of a cursor. */
export function cursorText(cursor: OrderCursor): string {
  if (!('head' in cursor)) return cursor.key;
  return cursor.key === undefined ? cursor.head : `${cursor.head}.${cursor.key}`;
}

/** Reads a page. Whatever changes between two pages, an order that passes the filter all the time is not missed: see `readChanges`. */
export function readOrderPage(db: Sql, request: OrderPageRequest): Promise<OrderPage> {
  return request.sort === 'change' ? readChanges(db, request) : readCreated(db, request, request.sort);
}

async function readCreated(
  db: Sql,
  { filter, cursor, limit }: OrderPageRequest,
  sequence: OrderSequence & OrderListSort,
): Promise<OrderPage> {
  const bounds = creationBounds(filter, sequence);
  const span: OrderSpan = { sequence, after: cursor?.key ?? bounds.after, to: bounds.to };
  const { orders, next } = await readSpan(db, { ...filter, fromMs: undefined, untilMs: undefined }, span, limit);
  return { orders, next: next === undefined ? undefined : { key: next } };
}

function creationBounds({ fromMs, untilMs }: OrderFilter, sequence: OrderSequence): Pick<OrderSpan, 'after' | 'to'> {
  const from = fromMs === undefined ? undefined : uuidV7Floor(fromMs);
  const until = untilMs === undefined ? undefined : uuidV7Floor(untilMs);
  return sequence === 'creation-newest' ? { after: until, to: from } : { after: from, to: until };
}

/**
 * Newest change first: what changes leaves its place for one in front of the first page, so after the last page those follow that have changed
 * since the walk began. They are read in the direction in which orders move, so that none can get out of the way.
 */
async function readChanges(db: Sql, { filter, cursor, limit }: OrderPageRequest): Promise<OrderPage> {
  const begun = cursor !== undefined && 'head' in cursor ? cursor : undefined;
  if (begun !== undefined && begun.key === undefined) return readChangedSince(db, filter, begun.head, limit);
  const span: OrderSpan = { sequence: 'change-newest', after: begun?.key, to: undefined };
  const { orders, next } = await readSpan(db, filter, span, limit);
  const [first] = orders;
  // Without an order on the first page, what passes the filter is behind all that was looked through.
  const head = begun?.head ?? (first === undefined ? next : keyIn(span.sequence, first));
  if (next !== undefined && head !== undefined) return { orders, next: { head, key: next } };
  if (begun === undefined) return { orders, next: undefined };
  const later = await readChangedSince(db, filter, begun.head, limit - orders.length);
  return { orders: [...orders, ...later.orders], next: later.next };
}

async function readChangedSince(db: Sql, filter: OrderFilter, head: string, limit: number): Promise<OrderPage> {
  const span: OrderSpan = { sequence: 'change-oldest', after: head, to: undefined };
  const { orders, next } = await readSpan(db, filter, span, limit);
  return { orders, next: next === undefined ? undefined : { head: next, key: undefined } };
}

/** Up to `limit` orders of a span, and the key behind which it goes on; undefined: at its end. */
async function readSpan(db: Sql, filter: OrderFilter, span: OrderSpan, limit: number) {
  const end = isSelective(filter) ? await keyAt(db, filter.accountId, span, lookedThroughMax) : undefined;
  const found = await listOrders(db, filter, { ...span, to: end ?? span.to }, limit + 1);
  if (found.length <= limit) return { orders: found, next: end };
  const orders = found.slice(0, limit);
  const last = orders.at(-1);
  return { orders, next: last === undefined ? span.after : keyIn(span.sequence, last) };
}

// What is open, or belongs to one list, is few enough.
function isSelective({
  openOnly,
  listId,
  symbols,
  side,
  statuses,
  clientOrderIdPrefix,
  fromMs,
  untilMs,
}: OrderFilter): boolean {
  const filters = [symbols, side, statuses, clientOrderIdPrefix || undefined, fromMs, untilMs];
  return !openOnly && listId === undefined && filters.some((filter) => filter !== undefined);
}
