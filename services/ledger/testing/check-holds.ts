import type { Sql } from '#platform/postgres/sql.ts';
import { checkExits, checkHoldAmount } from '../domain/explain-hold.ts';
import { isExitHold, isLeg, type LegHold } from '../domain/settle-list.ts';
import { type HoldRow, holdColumns, toHoldRecord } from '../store/hold-row.ts';
import type { Findings } from './findings.ts';

const batchMax = 1_000;
const firstId = '00000000-0000-0000-0000-000000000000';

const rule = 'hold-follows-its-terms';

/** Computes every open hold again from its terms and progress; returns how many there are. */
export async function checkHolds(tx: Sql, findings: Findings): Promise<bigint> {
  let checked = 0n;
  const legs: LegHold[] = [];
  for (let after = firstId; ; ) {
    const { rows } = await tx.query<HoldRow>(
      `SELECT ${holdColumns} FROM hold WHERE state = 'open' AND order_id > $1 ORDER BY order_id LIMIT ${batchMax}`,
      [after],
    );
    for (const row of rows) {
      const record = toHoldRecord(row);
      if (record.kind !== 'hold') continue;
      if (isLeg(record.hold)) legs.push(record.hold);
      const difference = isExitHold(record.hold) ? undefined : checkHoldAmount(record.hold);
      if (difference) findings.add({ rule, subject: `hold ${row.order_id}`, ...difference });
    }
    checked += BigInt(rows.length);
    const last = rows.at(-1);
    if (!last || rows.length < batchMax) break;
    after = last.order_id;
  }
  for (const [listId, own] of Map.groupBy(legs, ({ leg }) => leg.listId)) {
    const difference = checkExits(own);
    if (difference) findings.add({ rule, subject: `list ${listId}`, ...difference });
  }
  return checked;
}
