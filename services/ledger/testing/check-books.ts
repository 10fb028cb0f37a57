import { readHalts } from '#platform/feed/feed-state.ts';
import type { Sql } from '#platform/postgres/sql.ts';
import { externalCashAccount, formatAmount, issuerAccount } from '../domain/asset.ts';
import { shardOf } from '../domain/exchange-event.ts';
import { readHeadSequence } from '../store/read-entries.ts';
import type { Finding, Findings } from './findings.ts';

type Row = { account_id: string; asset: string; expected: string; found: string; total: bigint };

/** Checks the ledger's own tables: entries, balances and holds must agree. */
export async function checkBooks(tx: Sql, findings: Findings): Promise<void> {
  await checkEntrySums(tx, findings);
  await checkEntrySequence(tx, findings);
  await checkBalances(tx, findings);
  await checkHeld(tx, findings);
  for (const { feed, sequence, cause } of await readHalts(tx)) {
    const found = `halted before event ${sequence}: ${cause}`;
    findings.add({ rule: 'shard-not-halted', subject: `shard ${shardOf(feed)}`, expected: 'settling', found });
  }
}

async function checkEntrySums(tx: Sql, findings: Findings): Promise<void> {
  const { rows } = await tx.query<{ sequence: bigint; asset: string; sum: string; total: bigint }>(
    `SELECT sequence, asset, sum(amount)::text AS sum, count(*) OVER () AS total
     FROM posting GROUP BY sequence, asset HAVING sum(amount) <> 0 ORDER BY sequence, asset LIMIT $1`,
    [findings.max],
  );
  const found = rows.map(({ sequence, asset, sum }) => ({
    rule: 'entry-sums-to-zero',
    subject: `entry ${sequence} asset ${asset}`,
    expected: formatAmount(asset, 0n),
    found: formatAmount(asset, BigInt(sum)),
  }));
  findings.addAll(found, Number(rows[0]?.total ?? 0));
}

async function checkEntrySequence(tx: Sql, findings: Findings): Promise<void> {
  const head = await readHeadSequence(tx);
  const { rows } = await tx.query<{ entries: bigint; last: bigint; orphans: bigint }>(
    `SELECT count(*) AS entries, coalesce(max(sequence), 0) AS last,
       (SELECT count(*) FROM (SELECT DISTINCT sequence FROM posting) AS p
        WHERE NOT EXISTS (SELECT FROM entry WHERE entry.sequence = p.sequence)) AS orphans
     FROM entry`,
  );
  const { entries = 0n, last = 0n, orphans = 0n } = rows[0] ?? {};
  const rule = 'entries-without-gap';
  const subject = 'the ledger feed';
  if (entries !== head || last !== head) {
    findings.add({ rule, subject, expected: `${head} entries`, found: `${entries} entries up to ${last}` });
  }
  if (orphans !== 0n) {
    findings.add({ rule, subject, expected: 'every posting has its entry', found: `${orphans} without one` });
  }
}

async function checkBalances(tx: Sql, findings: Findings): Promise<void> {
  const { rows } = await tx.query<Row>(
    `SELECT account_id, asset, coalesce(posted, 0)::text AS expected, coalesce(owned, 0)::text AS found,
       count(*) OVER () AS total
     FROM (SELECT account_id, asset, sum(amount) AS posted FROM posting GROUP BY account_id, asset) AS p
     FULL JOIN (SELECT account_id, asset, available::numeric + held AS owned FROM balance) AS b USING (account_id, asset)
     WHERE coalesce(posted, 0) <> coalesce(owned, 0) ORDER BY account_id, asset LIMIT $1`,
    [findings.max],
  );
  addBalanceRows('balance-equals-postings', rows, findings);
}

async function checkHeld(tx: Sql, findings: Findings): Promise<void> {
  const { rows } = await tx.query<Row>(
    `SELECT account_id, asset, coalesce(explained, 0)::text AS expected, coalesce(held, 0)::text AS found,
       count(*) OVER () AS total
     FROM (SELECT account_id, asset, sum(amount) AS explained FROM (
         SELECT account_id, CASE side WHEN 'buy' THEN 'USD' ELSE symbol END AS asset, amount
         FROM hold WHERE state = 'open'
         UNION ALL
         SELECT account_id, 'USD', amount_micros FROM transfer WHERE status = 'pending' AND kind = 'withdrawal'
       ) AS part GROUP BY account_id, asset) AS h
     FULL JOIN (SELECT account_id, asset, held FROM balance) AS b USING (account_id, asset)
     WHERE coalesce(explained, 0) <> coalesce(held, 0) ORDER BY account_id, asset LIMIT $1`,
    [findings.max],
  );
  addBalanceRows('held-equals-holds', rows, findings);
}

function addBalanceRows(rule: string, rows: Row[], findings: Findings): void {
  findings.addAll(
    rows.map((row) => balanceFinding(rule, row)),
    Number(rows[0]?.total ?? 0),
  );
}

/** The finding of one balance whose expected and found amounts differ, both in the smallest unit. */
export function balanceFinding(rule: string, row: Omit<Row, 'total'>): Finding {
  return {
    rule,
    subject: `account ${row.account_id} asset ${row.asset}`,
    expected: formatAmount(row.asset, BigInt(row.expected)),
    found: formatAmount(row.asset, BigInt(row.found)),
  };
}

/** What one asset adds up to, in its smallest unit. */
export type AssetTotals = { asset: string; issued: bigint; owned: bigint; held: bigint };

/** Compares for each asset what was issued with what all accounts own. */
export async function proveAssets(tx: Sql, findings: Findings): Promise<{ assets: AssetTotals[]; accounts: bigint }> {
  const sources = [externalCashAccount, issuerAccount];
  const { rows } = await tx.query<{ asset: string; issued: string; owned: string; held: string }>(
    `SELECT asset, coalesce(issued, 0)::text AS issued, coalesce(owned, 0)::text AS owned, coalesce(held, 0)::text AS held
     FROM (SELECT asset, -sum(amount) AS issued FROM posting WHERE account_id = ANY($1::uuid[]) GROUP BY asset) AS p
     FULL JOIN (SELECT asset, sum(available::numeric + held) AS owned, sum(held) AS held
                FROM balance WHERE account_id <> ALL($1::uuid[]) GROUP BY asset) AS b USING (asset)
     ORDER BY asset`,
    [sources],
  );
  const assets = rows.map(({ asset, issued, owned, held }) => ({
    asset,
    issued: BigInt(issued),
    owned: BigInt(owned),
    held: BigInt(held),
  }));
  for (const { asset, issued, owned } of assets) {
    if (issued === owned) continue;
    const [expected, found] = [formatAmount(asset, issued), formatAmount(asset, owned)];
    findings.add({ rule: 'issued-equals-owned', subject: `asset ${asset}`, expected, found });
  }
  const counted = await tx.query<{ accounts: bigint }>(
    'SELECT count(DISTINCT account_id) AS accounts FROM balance WHERE account_id <> ALL($1::uuid[])',
    [sources],
  );
  return { assets, accounts: counted.rows[0]?.accounts ?? 0n };
}
