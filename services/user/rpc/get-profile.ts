import type { MessageInitShape } from '@bufbuild/protobuf';
import type { GetProfileRequest, GetProfileResponseSchema } from '#gen/outcry/user/v1/user_pb.ts';
import { requireUser } from '#platform/auth/ownership.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import { userNotFound } from '../accounts/user-not-found.ts';
import type { UserDeps } from '../deps.ts';
import { findAccount } from '../store/find-account.ts';
import { userMessage } from './messages/account-message.ts';

/** GetProfile. */
export async function getProfile(
  deps: UserDeps,
  _request: GetProfileRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof GetProfileResponseSchema>> {
  const account = await findAccount(deps.db, requireUser(context).userId);
  if (account === undefined) throw userNotFound();
  return { user: userMessage(account) };
}
