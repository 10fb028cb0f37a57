import { LedgerAuditService } from '#gen/outcry/ledger/v1/audit_pb.ts';
import { LedgerFeedService } from '#gen/outcry/ledger/v1/feed_pb.ts';
import { LedgerInternalService } from '#gen/outcry/ledger/v1/internal_pb.ts';
import { LedgerAdminService, LedgerService } from '#gen/outcry/ledger/v1/ledger_pb.ts';
import { bindHandlers } from '#platform/rpc/bind-handlers.ts';
import type { ServiceBinding } from '#platform/rpc/implementation.ts';
import type { LedgerDeps } from '../deps.ts';
import { adjustAccount } from './adjust-account.ts';
import { amendHolds } from './amend-holds.ts';
import { audit } from './audit.ts';
import { confirmPayment } from './confirm-payment.ts';
import { deposit } from './deposit.ts';
import { exportTable } from './export-table.ts';
import { follow } from './follow.ts';
import { fundHouseAccount } from './fund-house-account.ts';
import { getBalances } from './get-balances.ts';
import { getShares } from './get-shares.ts';
import { getTransfer } from './get-transfer.ts';
import { issueShares } from './issue-shares.ts';
import { listAdjustments } from './list-adjustments.ts';
import { listHolds } from './list-holds.ts';
import { listPaymentFindings } from './list-payment-findings.ts';
import { listStatement } from './list-statement.ts';
import { listStuckTransfers } from './list-stuck-transfers.ts';
import { listTransfers } from './list-transfers.ts';
import { placeHolds } from './place-holds.ts';
import { previewHold } from './preview-hold.ts';
import { readRows } from './read-rows.ts';
import { releaseHolds } from './release-holds.ts';
import { settlePaymentFindings } from './settle-payment-findings.ts';
import { withdraw } from './withdraw.ts';

/** The ledger's five proto services over one set of dependencies. */
export function ledgerBindings(deps: LedgerDeps): ServiceBinding[] {
  return [
    bindHandlers(LedgerService, deps, {
      getBalances,
      listHolds,
      listStatement,
      deposit,
      withdraw,
      getTransfer,
      listTransfers,
      exportTable,
    }),
    bindHandlers(LedgerAdminService, deps, {
      issueShares,
      adjustAccount,
      listAdjustments,
      audit,
      listStuckTransfers,
      listPaymentFindings,
      settlePaymentFindings,
    }),
    bindHandlers(LedgerInternalService, deps, {
      placeHolds,
      previewHold,
      getShares,
      amendHolds,
      releaseHolds,
      fundHouseAccount,
      confirmPayment,
    }),
    bindHandlers(LedgerFeedService, deps, { follow }),
    bindHandlers(LedgerAuditService, deps, { readRows }),
  ];
}
