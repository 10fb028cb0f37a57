import type { StreamPositionsResponse } from '#gen/outcry/portfolio/v1/portfolio_pb.ts';
import type { Sql } from '#platform/postgres/sql.ts';
import { externalCashAccount, feeAccount, issuerAccount } from '../domain/asset.ts';
import { balanceFinding } from './check-books.ts';
import type { Findings } from './findings.ts';

/**
 * Compares the positions of the portfolio service with the postings up to the sequence that it states, which is at least
 * `minSequence`. Returns the number of positions.
 */
export async function checkPortfolio(
  tx: Sql,
  positions: AsyncIterable<StreamPositionsResponse>,
  minSequence: bigint,
  findings: Findings,
): Promise<bigint> {
  await tx.query(
    `CREATE TEMP TABLE audited_position (account_id text, asset text, amount bigint, PRIMARY KEY (account_id, asset))
     ON COMMIT DROP`,
  );
  let sequence: bigint | undefined;
  let count = 0n;
  for await (const message of positions) {
    sequence ??= message.ledgerSequence;
    if (message.ledgerSequence !== sequence) {
      const [expected, found] = [String(sequence), String(message.ledgerSequence)];
      findings.add({ rule: 'positions-at-one-sequence', subject: 'the portfolio stream', expected, found });
    }
    count += BigInt(message.assets.length);
    await storePositions(tx, message);
  }
  await compare(tx, sequence ?? minSequence, findings);
  return count;
}

async function storePositions(tx: Sql, { assets }: StreamPositionsResponse): Promise<void> {
  // The same asset sent twice adds up: a doubled row must not hide behind the first.
  await tx.query(
    `INSERT INTO audited_position AS stored (account_id, asset, amount)
     SELECT account_id, asset, sum(amount) FROM unnest($1::text[], $2::text[], $3::bigint[]) AS p (account_id, asset, amount)
     GROUP BY account_id, asset
     ON CONFLICT (account_id, asset) DO UPDATE SET amount = stored.amount + excluded.amount`,
    [assets.map(({ accountId }) => accountId), assets.map(({ asset }) => asset), assets.map(({ amount }) => amount)],
  );
}

async function compare(tx: Sql, sequence: bigint, findings: Findings): Promise<void> {
  const { rows } = await tx.query<{
    account_id: string;
    asset: string;
    expected: string;
    found: string;
    total: bigint;
  }>(
    `SELECT account_id, asset, coalesce(posted, 0)::text AS expected, coalesce(amount, 0)::text AS found,
       count(*) OVER () AS total
     FROM (SELECT account_id::text, asset, sum(amount) AS posted FROM posting
           WHERE sequence <= $1 AND account_id <> ALL($2::uuid[]) GROUP BY account_id, asset) AS p
     FULL JOIN audited_position USING (account_id, asset)
     WHERE coalesce(posted, 0) <> coalesce(amount, 0) ORDER BY account_id, asset LIMIT $3`,
    [sequence, [externalCashAccount, issuerAccount, feeAccount], findings.max],
  );
  findings.addAll(
    rows.map((row) => balanceFinding('position-equals-postings', row)),
    Number(rows[0]?.total ?? 0),
  );
}
