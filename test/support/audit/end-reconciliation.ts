import { expect } from 'vitest';
import { eventually } from '#platform/testing/eventually.ts';
import type { Databases } from './corrupt-row.ts';

/**
 * From now on no transfer is compared with the provider's list: what a test changes for a moment would be stored as a finding of its own
 * each time a round falls into that moment. Waits for a round to have ended lately, so that none is under way.
 */
export async function endReconciliation(databases: Databases): Promise<void> {
  const ledger = await databases.of('ledger');
  await eventually(
    async () => {
      const { rowCount } = await ledger.query(
        `UPDATE payment_reconciliation SET round_time = now() + interval '1 day'
       WHERE cursor = '' AND round_time > now() - interval '50 seconds'`,
      );
      expect(rowCount).toBe(1);
    },
    { timeoutMs: 90_000 },
  );
  await ledger.query(`UPDATE transfer SET reconciled = true WHERE status <> 'pending'`);
}
