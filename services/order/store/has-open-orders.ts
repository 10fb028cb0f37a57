import type { Sql } from '#platform/postgres/sql.ts';

/** Whether an order of the symbol is not final. Reads all that are not: for what is rare. */
export async function hasOpenOrders(tx: Sql, symbol: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    `SELECT FROM orders WHERE state NOT IN ('filled', 'cancelled', 'rejected') AND symbol = $1 LIMIT 1`,
    [symbol],
  );
  return rowCount > 0;
}
