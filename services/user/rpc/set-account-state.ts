import type { MessageInitShape } from '@bufbuild/protobuf';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import type { SetAccountStateRequest, SetAccountStateResponseSchema } from '#gen/outcry/user/v1/user_pb.ts';
import { requireUser } from '#platform/auth/ownership.ts';
import { invalidArgument, refused } from '#platform/errors/outcry-error.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import { changeAccount } from '../accounts/change-account.ts';
import type { UserDeps } from '../deps.ts';
import { decideStateChange } from '../domain/account.ts';
import { publishConditions } from '../events/published.ts';
import { updateState } from '../store/update-account.ts';
import { accountStateOf, userMessage } from './messages/account-message.ts';
import { requireUserId } from './request-fields.ts';

const noteLengthMax = 200;

/** SetAccountState. */
export async function setAccountState(
  deps: UserDeps,
  request: SetAccountStateRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof SetAccountStateResponseSchema>> {
  const { userId, note } = request;
  const state = accountStateOf(request.state);
  if (state === undefined) throw invalidArgument('state', 'must be active, frozen or closed');
  if (note.length > noteLengthMax) throw invalidArgument('note', `must have at most ${noteLengthMax} characters`);
  const accountId = requireUserId(userId);
  const { userId: actorId } = requireUser(context);
  const account = await changeAccount(deps.db, {
    accountId,
    actorId,
    apply: async (tx, before) => {
      const decision = decideStateChange(before.state, state);
      if (decision === 'same') return undefined;
      if (decision === 'closed') throw refused(ErrorReason.ACCOUNT_CLOSED, 'the account is closed for good');
      const changed = await updateState(tx, before.accountId, state);
      await publishConditions(tx, changed);
      return { account: changed, change: `state ${before.state} to ${state}`, note };
    },
  });
  return { user: userMessage(account) };
}
