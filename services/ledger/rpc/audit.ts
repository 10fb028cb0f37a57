import type { MessageInitShape } from '@bufbuild/protobuf';
import type { AuditRequest, AuditResponseSchema } from '#gen/outcry/ledger/v1/ledger_pb.ts';
import { invalidArgument } from '#platform/errors/outcry-error.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { LedgerDeps } from '../deps.ts';
import { formatAmount } from '../domain/asset.ts';

const findingsMax = 1_000;
const findingsDefault = 100;
// Part of the caller's time is reserved for the response that names the service which did not answer.
const answerReserveMs = 500;
const timeoutMinMs = 250;
const timeoutMaxMs = 120_000;

/** Proves that cash and shares are conserved, or names what differs. */
export async function audit(
  { auditor, nowMs }: LedgerDeps,
  request: AuditRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof AuditResponseSchema>> {
  if (request.findingsMax < 0 || request.findingsMax > findingsMax) {
    throw invalidArgument('findings_max', `must be 0 to ${findingsMax}`);
  }
  const remainingMs = Math.min(timeoutMaxMs, context.deadlineTimeMs - nowMs());
  const report = await auditor.run({
    findingsMax: request.findingsMax || findingsDefault,
    timeoutMs: Math.max(timeoutMinMs, Math.floor(remainingMs - answerReserveMs)),
    signal: context.signal,
  });
  return {
    clean: report.findings.count === 0,
    assets: report.assets.map(({ asset, issued, owned, held }) => ({
      asset,
      issued: formatAmount(asset, issued),
      owned: formatAmount(asset, owned),
      held: formatAmount(asset, held),
    })),
    findings: report.findings.listed,
    findingsCount: report.findings.count,
    exchangePositions: Object.fromEntries(report.exchangePositions),
    ledgerSequence: report.ledgerSequence,
    accountsChecked: report.accountsChecked,
    holdsChecked: report.holdsChecked,
    ordersPassing: report.pending.count,
    oldestPassingMs: report.pending.oldestMs,
    positionsChecked: report.positionsChecked,
  };
}
