import type { MessageInitShape } from '@bufbuild/protobuf';
import type { BatchGetContactsRequest, BatchGetContactsResponseSchema } from '#gen/outcry/user/v1/internal_pb.ts';
import type { UserDeps } from '../deps.ts';
import { findAccounts } from '../store/find-account.ts';
import { contactMessage } from './messages/account-message.ts';
import { readAccountIds } from './request-fields.ts';

/** BatchGetContacts. Throws INVALID_ARGUMENT for more than 500 ids. */
export async function batchGetContacts(
  deps: UserDeps,
  { userIds }: BatchGetContactsRequest,
): Promise<MessageInitShape<typeof BatchGetContactsResponseSchema>> {
  const accounts = await findAccounts(deps.db, readAccountIds('user_ids', userIds));
  return { contacts: accounts.map(contactMessage) };
}
