import type { MessageInitShape } from '@bufbuild/protobuf';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import type { SetAccountStateRequest, SetAccountStateResponseSchema } from '#gen/outcry/user/v1/user_pb.ts';
import { invalidArgument, refused } from '#platform/errors/outcry-error.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import { decideStateChange } from '../domain/account.ts';
import { publishConditions } from '../events/published.ts';
import { updateState } from '../store/update-account.ts';
import { changeAccount } from './change-account.ts';
import type { UserDeps } from './deps.ts';
import { accountStateOf } from './messages/account-message.ts';

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
  return changeAccount(deps, context, {
    userId,
    apply: async (tx, before) => {
      const decision = decideStateChange(before.state, state);
      if (decision === 'same') return undefined;
      if (decision === 'closed') throw refused(ErrorReason.ACCOUNT_CLOSED, 'the account is closed for good');
      const account = await updateState(tx, before.accountId, state);
      await publishConditions(tx, account);
      return { account, change: `state ${before.state} to ${state}`, note };
    },
  });
}
