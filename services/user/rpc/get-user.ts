import type { MessageInitShape } from '@bufbuild/protobuf';
import type { GetUserRequest, GetUserResponseSchema } from '#gen/outcry/user/v1/user_pb.ts';
import { userNotFound } from '../accounts/user-not-found.ts';
import type { UserDeps } from '../deps.ts';
import { findAccount } from '../store/find-account.ts';
import { userMessage } from './messages/account-message.ts';
import { requireUserId } from './request-fields.ts';

/** GetUser. */
export async function getUser(
  deps: UserDeps,
  request: GetUserRequest,
): Promise<MessageInitShape<typeof GetUserResponseSchema>> {
  const account = await findAccount(deps.db, requireUserId(request.userId));
  if (account === undefined) throw userNotFound();
  return { user: userMessage(account) };
}
