import type { MessageInitShape } from '@bufbuild/protobuf';
import type { SetConditionsRequest, SetConditionsResponseSchema } from '#gen/outcry/user/v1/user_pb.ts';
import { invalidArgument, invalidArguments } from '#platform/errors/outcry-error.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import { type FieldProblem, parseConditions, sameConditions } from '../domain/conditions.ts';
import { publishConditions } from '../events/published.ts';
import { updateConditions } from '../store/update-account.ts';
import { changeAccount } from './change-account.ts';
import type { UserDeps } from './deps.ts';

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
  return changeAccount(deps, context, {
    userId: request.userId,
    apply: async (tx, before) => {
      if (sameConditions(before.conditions, conditions)) return undefined;
      const account = await updateConditions(tx, before.accountId, conditions);
      await publishConditions(tx, account);
      return { account, change: `conditions, version ${account.version}` };
    },
  });
}
