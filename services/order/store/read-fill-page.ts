import type { Sql } from '#platform/postgres/sql.ts';
import type { StoredFill } from '../domain/fill.ts';
import { type FillFilter, type FillPlace, listFills, placeAt } from './list-fills.ts';

/** A page, and the place behind which the next one begins; undefined: it was the last. */
export type FillPage = { fills: StoredFill[]; next: FillPlace | undefined };

/** Fills that are looked through for a page, where a filter may leave most of them out. */
const lookedThroughMax = 10_000;

/** Reads a page of up to `limit` fills behind a place. */
export async function readFillPage(
  db: Sql,
  filter: FillFilter,
  after: FillPlace | undefined,
  limit: number,
): Promise<FillPage> {
  const isSelective = filter.orderId === undefined && (filter.symbol !== undefined || filter.side !== undefined);
  const end = isSelective ? await placeAt(db, filter, { after, to: undefined }, lookedThroughMax) : undefined;
  const found = await listFills(db, filter, { after, to: end }, limit + 1);
  if (found.length <= limit) return { fills: found, next: end };
  const fills = found.slice(0, limit);
  const last = fills.at(-1);
  return { fills, next: last && { timeMs: last.tradeTimeMs, sequence: last.changeSequence } };
}
