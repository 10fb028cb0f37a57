import type { MessageInitShape } from '@bufbuild/protobuf';
import type { AuditRequest, AuditResponseSchema } from '#gen/outcry/ledger/v1/ledger_pb.ts';
import { invalidArgument } from '#platform/errors/outcry-error.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { LedgerDeps } from '../deps.ts';

const findingsMax = 1_000;
const findingsDefault = 100;
// Part of the caller's time is reserved for the response that says why there is no verdict.
const answerReserveMs = 500;
const timeoutMinMs = 250;
const timeoutMaxMs = 120_000;

/** The verdict of the audit service, for those who know this RPC only. */
export async function audit(
  { audit: auditService, nowMs }: LedgerDeps,
  request: AuditRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof AuditResponseSchema>> {
  if (request.findingsMax < 0 || request.findingsMax > findingsMax) {
    throw invalidArgument('findings_max', `must be 0 to ${findingsMax}`);
  }
  const remainingMs = Math.min(timeoutMaxMs, context.deadlineTimeMs - nowMs());
  const { verdict, findings } = await auditService.proveAll(
    { findingsMax: request.findingsMax || findingsDefault },
    { timeoutMs: Math.max(timeoutMinMs, Math.floor(remainingMs - answerReserveMs)), signal: context.signal },
  );
  const { clean, assets, findingsCount, exchangePositions, ledgerSequence, oldestPassingMs, checked } = verdict ?? {};
  return {
    clean,
    assets: assets?.map(({ asset, issued, owned, held }) => ({ asset, issued, owned, held })),
    findings: findings.map(({ rule, subject, expected, found }) => ({ rule, subject, expected, found })),
    findingsCount,
    exchangePositions,
    ledgerSequence,
    oldestPassingMs,
    accountsChecked: checked?.accounts,
    holdsChecked: checked?.holds,
    ordersPassing: checked?.orders_pending,
    positionsChecked: checked?.positions,
  };
}
