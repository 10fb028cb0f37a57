import { describeAudit, isClean, runAudit } from '../../scripts/audit/index.ts';
import { createGatewayCall, logIn } from '../../supervisor/index.ts';
import type { AdministratorCall, RunningSystem } from '../../supervisor/testing/index.ts';
import type { Report } from '../report/report.ts';

// As long as a full pass may take: after ten million orders of history it takes minutes.
const auditTimeoutMs = 600_000;
const findingsMax = 10;

/** Logs the first administrator in. The log-in lasts ten minutes. */
export async function logInAdministrator(system: RunningSystem): Promise<AdministratorCall> {
  const call = createGatewayCall(system.gatewayUrl, { timeoutMs: auditTimeoutMs });
  const token = await logIn(call, system.admin.email, system.admin.password);
  return (method, request) => call(method, request, token);
}

/** Audits the system and reports the result. Rejects when it is not clean: figures of such a system mean nothing. */
export async function requireCleanAudit(system: RunningSystem, report: Report): Promise<void> {
  const call = await logInAdministrator(system);
  const answer = await runAudit(call, findingsMax);
  report.figure({ metric: 'audit.clean', value: isClean(answer) ? 'yes' : 'no', unit: '' });
  if (!isClean(answer)) throw new Error(`the audit is not clean:\n${describeAudit(answer)}`);
}
