import type { Sql } from '#platform/postgres/sql.ts';
import { type SealedTable, type StoreName, sealedTables } from '../domain/audited-stores.ts';
import type { StoredRow } from '../domain/row.ts';
import { sealRows } from '../domain/seal.ts';
import { addSeals } from '../store/seals.ts';

/** Final rows of a table that were proved. */
export type RowsToSeal = { store: StoreName; table: string; rows: readonly StoredRow[] };

/** The name under which a table's seals are stored. */
export const placeOf = ({ store, table }: Pick<SealedTable, 'store' | 'table'>) => `${store} ${table}`;

/** Stores the seals of rows, by block. */
export async function saveSeals(tx: Sql, toSeal: readonly RowsToSeal[]): Promise<void> {
  for (const { store, table, rows } of toSeal) {
    const digestOnly = sealedTables.some((one) => one.store === store && one.table === table && one.digestOnly);
    const blocks = Map.groupBy(rows, ({ block }) => block);
    const seals = [...blocks].map(([block, ofBlock]) => ({ block, ...sealRows(ofBlock, digestOnly) }));
    await addSeals(tx, placeOf({ store, table }), seals);
  }
}
