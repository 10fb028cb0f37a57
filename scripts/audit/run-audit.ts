import { GatewayError, type JsonObject } from '../../supervisor/index.ts';

const attemptsMax = 40;

/**
 * Calls Audit until it is answered. What a pass has proved stays proved when its caller's time ends, so that the next one begins behind it: a
 * long history that was never audited takes several calls. Rejects with the last error.
 */
export async function runAudit(
  call: (method: string, request: Record<string, unknown>) => Promise<JsonObject>,
  findingsMax: number,
): Promise<JsonObject> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call('outcry.ledger.v1.LedgerAdminService/Audit', { findingsMax });
    } catch (error) {
      const isLate = error instanceof GatewayError && error.code === 'deadline_exceeded';
      if (!isLate || attempt === attemptsMax) throw error;
    }
  }
}
