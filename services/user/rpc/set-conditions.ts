import type { MessageInitShape } from '@bufbuild/protobuf';
import type { SetConditionsRequest, SetConditionsResponseSchema } from '#gen/outcry/user/v1/user_pb.ts';
import { requireUser } from '#platform/auth/ownership.ts';
import { invalidArgument, invalidArguments } from '#platform/errors/outcry-error.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import { changeAccount } from '../accounts/change-account.ts';
import type { UserDeps } from '../deps.ts';
import { type FieldProblem, parseConditions, sameConditions } from '../domain/conditions.ts';
import { publishConditions } from '../events/published.ts';
import { updateConditions } from '../store/update-account.ts';
import { userMessage } from './messages/account-message.ts';
import { requireUserId } from './request-fields.ts';

/** SetConditions. */
export async function setConditions(
  deps: UserDeps,
  request: SetConditionsRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof SetConditionsResponseSchema>> {
  if (request.conditions === undefined) throw invalidArgument('conditions', 'is required');
  const problems: FieldProblem[] = [];
  const conditions = parseConditions(request.conditions, problems);
  if (conditions === undefined) {
    throw invalidArguments(problems.map((problem) => ({ ...problem, field: `conditions.${problem.field}` })));
  }
  const accountId = requireUserId(request.userId);
  const { userId: actorId } = requireUser(context);
  const account = await changeAccount(deps.db, {
    accountId,
    actorId,
    apply: async (tx, before) => {
      if (sameConditions(before.conditions, conditions)) return undefined;
      const changed = await updateConditions(tx, before.accountId, conditions);
      await publishConditions(tx, changed);
      return { account: changed, change: `conditions, version ${changed.version}` };
    },
  });
  return { user: userMessage(account) };
}
