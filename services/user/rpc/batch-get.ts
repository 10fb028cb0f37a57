import type { UserInternalService } from '#gen/outcry/user/v1/internal_pb.ts';
import { invalidArgument } from '#platform/errors/outcry-error.ts';
import { isUuidV7 } from '#platform/ids/uuid-v7.ts';
import type { Implementation } from '#platform/rpc/server.ts';
import { findAccounts } from '../store/find-account.ts';
import type { UserDeps } from './deps.ts';
import { accountConditionsMessage, contactMessage } from './messages/account-message.ts';

const idsMax = 500;

/** BatchGetConditions. */
export function batchGetConditions(deps: UserDeps): Implementation<typeof UserInternalService>['batchGetConditions'] {
  return async ({ accountIds }) => {
    const accounts = await findAccounts(deps.db, readIds('account_ids', accountIds));
    return { accounts: accounts.map(accountConditionsMessage) };
  };
}

/** BatchGetContacts. */
export function batchGetContacts(deps: UserDeps): Implementation<typeof UserInternalService>['batchGetContacts'] {
  return async ({ userIds }) => {
    const accounts = await findAccounts(deps.db, readIds('user_ids', userIds));
    return { contacts: accounts.map(contactMessage) };
  };
}

// What is no id can be nobody's, and is left out like any unknown one.
function readIds(field: string, ids: string[]): string[] {
  if (ids.length > idsMax) throw invalidArgument(field, `must have at most ${idsMax} ids`);
  return ids.filter(isUuidV7);
}
