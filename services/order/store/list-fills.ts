import type { Sql } from '#platform/postgres/sql.ts';
import type { StoredFill } from '../domain/fill.ts';
import type { Side } from '../domain/order.ts';
import { type FillRow, fromFillRow } from './fill-row.ts';

/** Which fills of an account to list; what is undefined lets all pass. */
export type FillFilter = {
  accountId: string;
  orderId: string | undefined;
  symbol: string | undefined;
  side: Side | undefined;
  /** Bounds of the trade's time, Unix milliseconds: at this time or later, and before that one. */
  fromMs: number | undefined;
  untilMs: number | undefined;
  oldestFirst: boolean;
};

/** The place of a fill among those of its account: by its trade's time in Unix milliseconds, then by its place in the account's sequence. */
export type FillPlace = { timeMs: number; sequence: bigint };

/** Where to read: from behind a place up to and with another one; undefined: from the start of the list, to its end. */
export type FillSpan = { after: FillPlace | undefined; to: FillPlace | undefined };

const sequenceMax = 2n ** 63n - 1n;
const first: FillPlace = { timeMs: 0, sequence: -1n };
const last: FillPlace = { timeMs: 2 ** 48 - 1, sequence: sequenceMax };

const place = '(trade_time, change_sequence)';
const spanSql = (oldestFirst: boolean) => {
  const [after, to] = oldestFirst ? ['>', '<='] : ['<', '>='];
  return `account_id = $1 AND ${place} ${after} ($2::timestamptz, $3::bigint) AND ${place} ${to} ($4::timestamptz, $5::bigint)`;
};
const sortSql = (oldestFirst: boolean) => {
  const direction = oldestFirst ? 'ASC' : 'DESC';
  return `ORDER BY trade_time ${direction}, change_sequence ${direction}`;
};

// Those of one order have a text of their own: they are found by the order. The other filters are looked at row by row.
const listSql = (oldestFirst: boolean, ofOrder: boolean) => `
  SELECT * FROM fills
  WHERE ${spanSql(oldestFirst)} AND ($6::text IS NULL OR symbol = $6) AND ($7::text IS NULL OR side = $7)
    ${ofOrder ? 'AND order_id = $9' : ''}
  ${sortSql(oldestFirst)} LIMIT $8`;

const placeSql = (oldestFirst: boolean) => `
  SELECT trade_time, change_sequence FROM fills WHERE ${spanSql(oldestFirst)} ${sortSql(oldestFirst)} OFFSET $6 LIMIT 1`;

const textsOf = (oldestFirst: boolean) => ({
  all: listSql(oldestFirst, false),
  ofOrder: listSql(oldestFirst, true),
  place: placeSql(oldestFirst),
});
const [newest, oldest] = [textsOf(false), textsOf(true)];

/** Fills of a span that pass the filter, in the sequence that it says, at most `limit`. */
export async function listFills(db: Sql, filter: FillFilter, span: FillSpan, limit: number): Promise<StoredFill[]> {
  const { orderId, symbol, side, oldestFirst } = filter;
  const texts = oldestFirst ? oldest : newest;
  const values = [...spanValues(filter, span), symbol, side, limit];
  const { rows } = await (orderId === undefined
    ? db.query<FillRow>(texts.all, values)
    : db.query<FillRow>(texts.ofOrder, [...values, orderId]));
  return rows.map(fromFillRow);
}

/** The account's fill at a place of the span, counted from 1, whatever it is like; undefined when there are fewer. */
export async function placeAt(
  db: Sql,
  filter: FillFilter,
  span: FillSpan,
  count: number,
): Promise<FillPlace | undefined> {
  const text = (filter.oldestFirst ? oldest : newest).place;
  const { rows } = await db.query<Pick<FillRow, 'trade_time' | 'change_sequence'>>(text, [
    ...spanValues(filter, span),
    count - 1,
  ]);
  return rows[0] && { timeMs: rows[0].trade_time.getTime(), sequence: rows[0].change_sequence };
}

function spanValues({ accountId, fromMs, untilMs, oldestFirst }: FillFilter, span: FillSpan): unknown[] {
  const start = fromMs === undefined ? first : { timeMs: fromMs, sequence: -1n };
  const end = untilMs === undefined ? last : { timeMs: untilMs, sequence: -1n };
  const after = span.after ?? (oldestFirst ? start : end);
  const to = span.to ?? (oldestFirst ? end : start);
  return [accountId, new Date(after.timeMs), after.sequence, new Date(to.timeMs), to.sequence];
}
