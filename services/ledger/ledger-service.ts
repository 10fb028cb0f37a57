import { LedgerFeedService } from '#gen/outcry/ledger/v1/feed_pb.ts';
import { LedgerInternalService } from '#gen/outcry/ledger/v1/internal_pb.ts';
import { LedgerAdminService, LedgerService } from '#gen/outcry/ledger/v1/ledger_pb.ts';
import { implement, type ServiceBinding } from '#platform/rpc/implementation.ts';
import { audit } from './handlers/audit.ts';
import { follow } from './handlers/follow-feed.ts';
import { fundHouseAccount } from './handlers/fund-house-account.ts';
import { getBalances } from './handlers/get-balances.ts';
import { getTransfer } from './handlers/get-transfer.ts';
import { issueShares } from './handlers/issue-shares.ts';
import { listHolds } from './handlers/list-holds.ts';
import { listStatement } from './handlers/list-statement.ts';
import { deposit, withdraw } from './handlers/move-cash.ts';
import { placeHolds } from './handlers/place-holds.ts';
import { releaseHolds } from './handlers/release-holds.ts';
import type { LedgerDeps } from './ledger-deps.ts';

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
