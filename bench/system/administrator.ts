import { describeAudit, runAudit } from '../../scripts/audit/index.ts';
import { createGatewayCall, logIn } from '../../supervisor/index.ts';
import type { AdministratorCall, RunningSystem } from '../../supervisor/testing/index.ts';
import type { Report } from '../report/report.ts';

const callTimeoutMs = 120_000;
const findingsMax = 10;

/** Logs the first administrator in. The log-in lasts ten minutes. */
export async function logInAdministrator(system: RunningSystem): Promise<AdministratorCall> {
  const call = createGatewayCall(system.gatewayUrl, { timeoutMs: callTimeoutMs });
  const token = await logIn(call, system.admin.email, system.admin.password);
  return (method, request) => call(method, request, token);
}

/** Audits the system and reports the result. Rejects when it is not clean: figures of such a system mean nothing. */
export async function requireCleanAudit(system: RunningSystem, report: Report): Promise<void> {
  const answer = await runAudit({ url: system.gatewayUrl, ...system.admin }, findingsMax);
  const { clean, durationMs } = answer.verdict;
  report.figure({ metric: 'audit.clean', value: clean ? 'yes' : 'no', unit: '' });
  report.figure({ metric: 'audit.full_pass', value: Number(durationMs) / 1_000, unit: 's' });
  if (!clean) throw new Error(`the audit is not clean:\n${describeAudit(answer)}`);
}
