import { snapshotPages } from '#platform/postgres/snapshot-pages.ts';
import type { Database, Sql } from '#platform/postgres/sql.ts';
import { readLedgerPosition } from './ledger-position.ts';

/** What one account owns of one asset: micros of cash (`USD`) or millionths of a share. */
export type AssetRow = { accountId: string; asset: string; amount: bigint };

/** Some assets, all as of one position of the ledger's feed. */
export type AssetPage = { sequence: bigint; assets: AssetRow[] };

/**
 * What all accounts own, in pages of at most `pageMax`, from one snapshot of the database; at least one page. The next page
 * is read when the reader has taken one. A reader that pauses for more than 30 s loses the snapshot.
 */
export async function* snapshotAssets(db: Database, pageMax: number): AsyncGenerator<AssetPage> {
  yield* snapshotPages<AssetPage>(db, (tx, give) => readPages(tx, pageMax, give));
}

async function readPages(tx: Sql, pageMax: number, give: (page: AssetPage) => Promise<void>): Promise<void> {
  const sequence = await readLedgerPosition(tx);
  await tx.query(
    `DECLARE assets NO SCROLL CURSOR FOR
     SELECT account_id, 'USD' AS asset, amount_micros AS amount FROM cash WHERE amount_micros <> 0
     UNION ALL
     SELECT account_id, symbol, quantity_micros FROM position WHERE quantity_micros <> 0`,
  );
  for (let first = true; ; first = false) {
    const { rows } = await tx.query<{ account_id: string; asset: string; amount: bigint }>(
      `FETCH ${Number(pageMax)} FROM assets`,
    );
    const assets = rows.map(({ account_id, asset, amount }) => ({ accountId: account_id, asset, amount }));
    if (first || assets.length > 0) await give({ sequence, assets });
    if (assets.length < pageMax) return;
  }
}
