import type { MessageInitShape } from '@bufbuild/protobuf';
import type { UpdateProfileRequest, UpdateProfileResponseSchema } from '#gen/outcry/user/v1/user_pb.ts';
import { requireUser } from '#platform/auth/ownership.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { UserDeps } from '../deps.ts';
import { nameProblem, normaliseName } from '../domain/identity-rules.ts';
import { updateDisplayName } from '../store/update-account.ts';
import { userMessage } from './messages/account-message.ts';
import { refuseProblems } from './request-fields.ts';

/** UpdateProfile. */
export async function updateProfile(
  deps: UserDeps,
  request: UpdateProfileRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof UpdateProfileResponseSchema>> {
  const { userId } = requireUser(context);
  const displayName = normaliseName(request.displayName);
  refuseProblems({ display_name: nameProblem(displayName) });
  const account = await updateDisplayName(deps.db, userId, displayName);
  return { user: userMessage(account) };
}
