import type { Sql } from '#platform/postgres/sql.ts';
import { checkHoldAmount } from '../domain/explain-hold.ts';
import { type HoldRow, holdColumns, toHoldRecord } from '../store/hold-row.ts';
import type { Findings } from './findings.ts';

const batchMax = 1_000;
const firstId = '00000000-0000-0000-0000-000000000000';

/** Computes every open hold again from its terms and progress; returns how many there are. */
export async function checkHolds(tx: Sql, findings: Findings): Promise<bigint> {
  let checked = 0n;
  for (let after = firstId; ; ) {
    const { rows } = await tx.query<HoldRow>(
      `SELECT ${holdColumns} FROM hold WHERE state = 'open' AND order_id > $1 ORDER BY order_id LIMIT ${batchMax}`,
      [after],
    );
    for (const row of rows) {
      const record = toHoldRecord(row);
      const difference = record.kind === 'hold' ? checkHoldAmount(record.hold) : undefined;
      if (difference) findings.add({ rule: 'hold-follows-its-terms', subject: `hold ${row.order_id}`, ...difference });
    }
    checked += BigInt(rows.length);
    const last = rows.at(-1);
    if (!last || rows.length < batchMax) return checked;
    after = last.order_id;
  }
}
