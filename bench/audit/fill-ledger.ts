import { create, toBinary } from '@bufbuild/protobuf';
import { LedgerEntrySchema } from '#gen/outcry/ledger/v1/feed_pb.ts';
import type { Database } from '#platform/postgres/sql.ts';

/** Accounts that shares are issued to, by number. */
export const accountsMax = 1_000;

const entriesPerStatement = 200_000;
const issueDigits = 12;
const micros = 1_000_000n;
const timeMs = 1_700_000_000_000n;
const symbol = 'ACME';
const issuer = '00000000-0000-0000-0000-000000000002';
const firstAccount = '01890000-0000-7000-8000-';
const [idPlace, issuePlace] = ['#'.repeat(issueDigits), '*'.repeat(issueDigits)];

/** Writes issues of one share each, two postings an entry, numbered from 1, with the balances that they lead to. */
export async function fillLedger(db: Database, entries: number, onProgress: (done: number) => void): Promise<void> {
  const indexes = await dropIndexes(db);
  for (let from = 1; from <= entries; from += entriesPerStatement) {
    await writeEntries(db, from, Math.min(from + entriesPerStatement - 1, entries));
    onProgress(Math.min(from + entriesPerStatement - 1, entries));
  }
  for (const definition of indexes) await db.query(definition);
  await db.transaction(async (tx) => {
    // The pool plans without scans of whole tables.
    await tx.query('SET LOCAL enable_seqscan = on');
    await tx.query(
      `INSERT INTO balance (account_id, asset, available, held)
       SELECT account_id, asset, sum(amount), 0 FROM posting GROUP BY account_id, asset`,
    );
  });
  await db.query(`INSERT INTO platform.feed_head (name, sequence) VALUES ('ledger', $1)`, [entries]);
  await db.query('ANALYZE posting');
}

/** An index is made of all rows at once in a fraction of the time that it takes row by row. Returns the statements that make those of postings. */
async function dropIndexes(db: Database): Promise<string[]> {
  const { rows } = await db.query<{ name: string; definition: string }>(
    `SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition
     FROM pg_index WHERE indrelid = 'posting'::regclass AND NOT indisprimary`,
  );
  for (const { name } of rows) await db.query(`DROP INDEX ${name}`);
  return rows.map(({ definition }) => definition);
}

/** The fact of an entry is that of a sample with the account's and the issue's digits in it. */
async function writeEntries(db: Database, from: number, to: number): Promise<void> {
  const value = { accountId: `${firstAccount}${idPlace}`, symbol, quantityMicros: micros, issueId: issuePlace };
  const sample = toBinary(
    LedgerEntrySchema,
    create(LedgerEntrySchema, { timeMs, entry: { case: 'sharesIssued', value } }),
  );
  const text = Buffer.from(sample).toString('latin1');
  const [accountAt, issueAt] = [text.indexOf(idPlace), text.indexOf(issuePlace)];
  const parts = [
    sample.subarray(0, accountAt),
    sample.subarray(accountAt + issueDigits, issueAt),
    sample.subarray(issueAt + issueDigits),
  ];
  await db.query(
    `WITH fresh AS (
       SELECT n, lpad((n % ${accountsMax})::text, ${issueDigits}, '0') AS account, lpad(n::text, ${issueDigits}, '0') AS issue
       FROM generate_series($1::bigint, $2::bigint) AS n
     ), new_entry AS (
       INSERT INTO entry (sequence, kind, reference, book_time, fact)
       SELECT n, 'issue', issue, to_timestamp($3::bigint / 1000),
         $4::bytea || convert_to(account, 'UTF8') || $5::bytea || convert_to(issue, 'UTF8') || $6::bytea FROM fresh
     )
     INSERT INTO posting (sequence, line, account_id, asset, amount, kind, order_id)
     SELECT n, line, CASE line WHEN 0 THEN ('${firstAccount}' || account)::uuid ELSE '${issuer}'::uuid END, '${symbol}',
       CASE line WHEN 0 THEN ${micros} ELSE -${micros} END, 'issue', NULL
     FROM fresh, generate_series(0, 1) AS line`,
    [from, to, timeMs, ...parts.map((part) => Buffer.from(part))],
  );
}

/** What the portfolio service would have of it: the shares of each account. */
export function positionsOf(entries: number): { key: string; quantityMicros: bigint }[] {
  return Array.from({ length: Math.min(accountsMax, entries) }, (_, number) => {
    const count = Math.floor(entries / accountsMax) + (number > 0 && number <= entries % accountsMax ? 1 : 0);
    const key = `${firstAccount}${String(number).padStart(issueDigits, '0')}/${symbol}`;
    return { key, quantityMicros: BigInt(count) * micros };
  }).filter(({ quantityMicros }) => quantityMicros > 0n);
}
