import { Selection } from '#gen/outcry/audit/v1/rows_pb.ts';
import type { Stores } from '../clients/stores.ts';
import type { StoredRow } from '../domain/row.ts';
import { digestOf } from '../domain/seal.ts';

/** Rows of tables that a history does not have, as `<service> <table>`. All are of block 0. */
export type AddedRows = Record<string, readonly StoredRow[]>;

/** Reads of stores which have these rows in place of their own. */
export function addRows(read: Stores['read'], added: AddedRows): Stores['read'] {
  return async (store, query, options) => {
    const snapshot = await read(store, query, options);
    const parts = snapshot.parts.map((part, index) => {
      const { table, selection, ids = [] } = query.tables[index] ?? {};
      const rows = added[`${store} ${table}`];
      if (rows === undefined) return part;
      if (selection === Selection.BLOCK_HASHES && ids[0] !== '0') return { ...part, rows: [] };
      if (selection !== Selection.DIGESTS) return { ...part, rows: [...rows] };
      const digest = digestOf(rows.map(({ hash }) => hash));
      return { ...part, digests: rows.length === 0 ? [] : [{ block: '0', rows: BigInt(rows.length), digest }] };
    });
    return { ...snapshot, parts };
  };
}
