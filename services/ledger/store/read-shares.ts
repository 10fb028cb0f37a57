import { readShardPositions } from '#platform/feed/shard-positions.ts';
import type { Sql } from '#platform/postgres/sql.ts';
import { cashAsset } from '../domain/asset.ts';

/** What an account has of one symbol, in millionths of a share. */
export type OwnedShares = { symbol: string; available: bigint; held: bigint };

/** Shares of an account, and the exchange's feed position by shard up to which trades were settled before they were read. */
export type SharesAt = { shares: OwnedShares[]; positions: Map<number, bigint> };

const sharesMax = 10_000;

const sharesSql = `
  SELECT asset AS symbol, available, held FROM balance
  WHERE account_id = $1 AND asset <> $2 AND ($3 = '' OR asset = $3) AND (available > 0 OR held > 0)
  ORDER BY asset LIMIT $4`;

/** Reads them, of one symbol or of all (empty). The positions are read first: what they cover is in the shares. */
export async function readShares(db: Sql, accountId: string, symbol: string): Promise<SharesAt> {
  const positions = await readShardPositions(db, 'exchange');
  const { rows } = await db.query<OwnedShares>(sharesSql, [accountId, cashAsset, symbol, sharesMax]);
  return { shares: rows, positions };
}
