/** The rows of corrections. */
import type { Sql } from '#platform/postgres/sql.ts';
import type { Adjustment } from '../domain/adjustment.ts';

type Row = Omit<Adjustment, 'timeMs'> & { bookTime: Date };

const columns = `adjustment_id AS "adjustmentId", account_id AS "accountId", asset, amount, cost_micros AS "costMicros", reason,
  reference, adjusted_by AS "adjustedBy", book_time AS "bookTime"`;

/** Stores a correction, in the transaction that books it. */
export async function insertAdjustment(tx: Sql, adjustment: Adjustment): Promise<void> {
  const { adjustmentId, accountId, asset, amount, costMicros, reason, reference, adjustedBy, timeMs } = adjustment;
  await tx.query(
    `INSERT INTO adjustment (adjustment_id, account_id, asset, amount, cost_micros, reason, reference, adjusted_by, book_time)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [adjustmentId, accountId, asset, amount, costMicros, reason, reference, adjustedBy, new Date(timeMs)],
  );
}

/** One correction. Throws when there is none with the id. */
export async function readAdjustment(sql: Sql, adjustmentId: string): Promise<Adjustment> {
  const { rows } = await sql.query<Row>(`SELECT ${columns} FROM adjustment WHERE adjustment_id = $1`, [adjustmentId]);
  if (rows[0] === undefined) throw new Error('an adjustment has vanished');
  return toAdjustment(rows[0]);
}

const afterLast = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
const listSql = (filter: string) =>
  `SELECT ${columns} FROM adjustment WHERE adjustment_id < $1 ${filter} ORDER BY adjustment_id DESC LIMIT $2`;
const [ofAll, ofAccount] = [listSql(''), listSql('AND account_id = $3')];

/** Corrections of one account, or of all for an undefined one, newest first; `before` undefined: from the newest. */
export async function listAdjustments(
  sql: Sql,
  accountId: string | undefined,
  { before = afterLast, limit }: { before?: string | undefined; limit: number },
): Promise<Adjustment[]> {
  const { rows } =
    accountId === undefined
      ? await sql.query<Row>(ofAll, [before, limit])
      : await sql.query<Row>(ofAccount, [before, limit, accountId]);
  return rows.map(toAdjustment);
}

/** Whether a movement of the account has the reference. */
export async function hasMovement(sql: Sql, accountId: string, reference: string): Promise<boolean> {
  const { rows } = await sql.query(
    `SELECT FROM entry JOIN posting USING (sequence)
     WHERE entry.kind = ANY ('{trade,cash,issue,adjustment}'::text[]) AND reference = $2 AND account_id = $1 LIMIT 1`,
    [accountId, reference],
  );
  return rows.length > 0;
}

function toAdjustment({ bookTime, ...adjustment }: Row): Adjustment {
  return { ...adjustment, timeMs: bookTime.getTime() };
}
