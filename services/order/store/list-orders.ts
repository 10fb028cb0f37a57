import { textArray } from '#platform/postgres/columns.ts';
import type { Sql } from '#platform/postgres/sql.ts';
import type { Order, OrderStatus, Side } from '../domain/order.ts';
import { fromOrderRow, type OrderRow } from './order-row.ts';

/** Which orders of an account to list; what is undefined or empty lets all pass. */
export type OrderFilter = {
  accountId: string;
  /** Only those that are not final. */
  openOnly: boolean;
  symbols: readonly string[] | undefined;
  side: Side | undefined;
  statuses: readonly OrderStatus[] | undefined;
  clientOrderIdPrefix: string;
  /** Only those of this list. */
  listId: string | undefined;
  /** Bounds of the creation, Unix milliseconds: at this time or later, and before that one. */
  fromMs: number | undefined;
  untilMs: number | undefined;
};

/** A sequence of orders: its key, which grows or falls from one to the next. */
export type OrderSequence = 'change-newest' | 'change-oldest' | 'creation-newest' | 'creation-oldest';

/** The part of a sequence to read: from behind the key `after` up to and with the key `to`; undefined: from its start, to its end. */
export type OrderSpan = { sequence: OrderSequence; after: string | undefined; to: string | undefined };

type Keys = { column: string; grows: boolean; first: string; last: string };

const sequenceMax = String(2n ** 63n - 1n);
const [idMin, idMax] = ['00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff'];

const keysOf: Record<OrderSequence, Keys> = {
  'change-newest': { column: 'change_sequence', grows: false, first: sequenceMax, last: '0' },
  'change-oldest': { column: 'change_sequence', grows: true, first: '0', last: sequenceMax },
  'creation-newest': { column: 'order_id', grows: false, first: idMax, last: idMin },
  'creation-oldest': { column: 'order_id', grows: true, first: idMin, last: idMax },
};

const directionOf = ({ grows }: Keys) =>
  grows ? { after: '>', to: '<=', sort: 'ASC' } : { after: '<', to: '>=', sort: 'DESC' };
const open = `state NOT IN ('filled', 'cancelled', 'rejected')`;

// Texts of their own for what is open in a sequence and for one list, which have an index each. The other filters are looked at row by row: their
// parameters are NULL where all pass.
function listSql(keys: Keys, openOnly: boolean, ofList: boolean): string {
  const { after, to, sort } = directionOf(keys);
  const { column } = keys;
  return `
    SELECT * FROM orders
    WHERE account_id = $1 AND ${column} ${after} $2 AND ${column} ${to} $3 ${openOnly ? `AND ${open}` : ''}
      AND ($4::text[] IS NULL OR symbol = ANY ($4::text[])) AND ($5::text IS NULL OR side = $5)
      AND ($6::text[] IS NULL OR CASE WHEN state IN ('intent', 'submitting', 'compensating') THEN 'pending'
        WHEN state = 'open' AND filled_lots > 0 THEN 'partially-filled' ELSE state END = ANY ($6::text[]))
      AND starts_with(client_order_id, $7)
      AND ($8::timestamptz IS NULL OR create_time >= $8) AND ($9::timestamptz IS NULL OR create_time < $9)
      AND ${ofList ? 'list_id = $11::uuid' : '$11::uuid IS NULL'}
    ORDER BY ${column} ${sort} LIMIT $10`;
}

function keySql(keys: Keys): string {
  const { after, to, sort } = directionOf(keys);
  const { column } = keys;
  return `
    SELECT ${column}::text AS key FROM orders WHERE account_id = $1 AND ${column} ${after} $2 AND ${column} ${to} $3
    ORDER BY ${column} ${sort} OFFSET $4 LIMIT 1`;
}

const textsOf = (sequence: OrderSequence) => {
  const keys = keysOf[sequence];
  return {
    all: listSql(keys, false, false),
    open: listSql(keys, true, false),
    allOfList: listSql(keys, false, true),
    openOfList: listSql(keys, true, true),
    key: keySql(keys),
  };
};
const texts: Record<OrderSequence, ReturnType<typeof textsOf>> = {
  'change-newest': textsOf('change-newest'),
  'change-oldest': textsOf('change-oldest'),
  'creation-newest': textsOf('creation-newest'),
  'creation-oldest': textsOf('creation-oldest'),
};

/** The key of an order in a sequence. */
export function keyIn(
  sequence: OrderSequence,
  { changeSequence, orderId }: Pick<Order, 'changeSequence' | 'orderId'>,
): string {
  return keysOf[sequence].column === 'order_id' ? orderId : String(changeSequence);
}

/** Orders of a span that pass the filter, in its sequence, at most `limit`. */
export async function listOrders(db: Sql, filter: OrderFilter, span: OrderSpan, limit: number): Promise<Order[]> {
  const { accountId, openOnly, symbols, side, statuses, clientOrderIdPrefix, fromMs, untilMs, listId } = filter;
  const kind = openOnly ? 'open' : 'all';
  const { rows } = await db.query<OrderRow>(
    texts[span.sequence][listId === undefined ? kind : (`${kind}OfList` as const)],
    [
      ...spanValues(accountId, span),
      symbols && textArray(symbols),
      side,
      statuses && textArray(statuses),
      clientOrderIdPrefix,
      fromMs === undefined ? undefined : new Date(fromMs),
      untilMs === undefined ? undefined : new Date(untilMs),
      limit,
      listId,
    ],
  );
  return rows.map(fromOrderRow);
}

/** The key of the account's order at a place of the span, from 1, whatever it is like; undefined when there are fewer. */
export async function keyAt(db: Sql, accountId: string, span: OrderSpan, place: number): Promise<string | undefined> {
  const { rows } = await db.query<{ key: string }>(texts[span.sequence].key, [
    ...spanValues(accountId, span),
    place - 1,
  ]);
  return rows[0]?.key;
}

function spanValues(accountId: string, { sequence, after, to }: OrderSpan): string[] {
  const { first, last } = keysOf[sequence];
  return [accountId, after ?? first, to ?? last];
}
