import { LedgerFeedService } from '#gen/outcry/ledger/v1/feed_pb.ts';
import { LedgerInternalService } from '#gen/outcry/ledger/v1/internal_pb.ts';
import { LedgerAdminService, LedgerService } from '#gen/outcry/ledger/v1/ledger_pb.ts';
import { implement, type ServiceBinding } from '#platform/rpc/implementation.ts';
import type { LedgerDeps } from '../deps.ts';
import { audit } from './audit.ts';
import { deposit, withdraw } from './deposit.ts';
import { follow } from './follow.ts';
import { fundHouseAccount } from './fund-house-account.ts';
import { getBalances } from './get-balances.ts';
import { getTransfer } from './get-transfer.ts';
import { issueShares } from './issue-shares.ts';
import { listHolds } from './list-holds.ts';
import { listStatement } from './list-statement.ts';
import { placeHolds } from './place-holds.ts';
import { releaseHolds } from './release-holds.ts';

/** The ledger's four contracts over one set of dependencies. */
export function ledgerBindings(deps: LedgerDeps): ServiceBinding[] {
  return [
    implement(LedgerService, {
      getBalances: (request, context) => getBalances(deps, request, context),
      listHolds: (request, context) => listHolds(deps, request, context),
      listStatement: (request, context) => listStatement(deps, request, context),
      deposit: (request, context) => deposit(deps, request, context),
      withdraw: (request, context) => withdraw(deps, request, context),
      getTransfer: (request, context) => getTransfer(deps, request, context),
    }),
    implement(LedgerAdminService, {
      issueShares: (request, context) => issueShares(deps, request, context),
      audit: (request, context) => audit(deps, request, context),
    }),
    implement(LedgerInternalService, {
      placeHolds: (request, context) => placeHolds(deps, request, context),
      releaseHolds: (request, context) => releaseHolds(deps, request, context),
      fundHouseAccount: (request, context) => fundHouseAccount(deps, request, context),
    }),
    implement(LedgerFeedService, {
      follow: (request, context) => follow(deps, request, context),
    }),
  ];
}
