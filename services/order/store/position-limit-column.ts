/**
 * How a position limit, in millionths of a share, stands in its columns: 0 for no limit, and -1 for a limit of 0. The releases before this one had
 * only the first; of an order with the second they pass -1 on, and the ledger refuses it: none of them takes it for no limit.
 */
export function toPositionLimitColumn(limit: bigint | undefined): bigint {
  if (limit === undefined) return 0n;
  return limit === 0n ? -1n : limit;
}

/** The limit of a column; undefined: no limit. */
export function fromPositionLimitColumn(column: bigint): bigint | undefined {
  if (column === 0n) return undefined;
  return column === -1n ? 0n : column;
}
