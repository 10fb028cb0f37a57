import { setTimeout as sleep } from 'node:timers/promises';
import { GatewayError, type JsonObject } from '../../supervisor/index.ts';

const attemptsMax = 40;
// A service that has just been started again can be read within seconds.
const unavailableMax = 5;
const unavailablePauseMs = 2_000;

/**
 * Calls Audit until it is answered. What a pass has proved stays proved when its caller's time ends, so that the next one begins behind it: a
 * long history that was never audited takes several calls. A store that cannot be read is asked again for 10 s. Rejects with the last error.
 */
export async function runAudit(
  call: (method: string, request: Record<string, unknown>) => Promise<JsonObject>,
  findingsMax: number,
): Promise<JsonObject> {
  let unavailable = 0;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call('outcry.ledger.v1.LedgerAdminService/Audit', { findingsMax });
    } catch (error) {
      if (attempt === attemptsMax || !(error instanceof GatewayError)) throw error;
      if (error.code === 'deadline_exceeded') continue;
      if (error.code !== 'unavailable' || ++unavailable > unavailableMax) throw error;
      await sleep(unavailablePauseMs);
    }
  }
}
