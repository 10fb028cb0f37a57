import type { MessageInitShape } from '@bufbuild/protobuf';
import type { BatchGetConditionsRequest, BatchGetConditionsResponseSchema } from '#gen/outcry/user/v1/internal_pb.ts';
import type { UserDeps } from '../deps.ts';
import { findAccounts } from '../store/find-account.ts';
import { accountConditionsMessage } from './messages/account-message.ts';
import { readAccountIds } from './request-fields.ts';

/** BatchGetConditions. Throws INVALID_ARGUMENT for more than 500 ids. */
export async function batchGetConditions(
  deps: UserDeps,
  { accountIds }: BatchGetConditionsRequest,
): Promise<MessageInitShape<typeof BatchGetConditionsResponseSchema>> {
  const accounts = await findAccounts(deps.db, readAccountIds('account_ids', accountIds));
  return { accounts: accounts.map(accountConditionsMessage) };
}
