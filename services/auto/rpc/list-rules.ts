import type { ListRulesRequest } from '#gen/outcry/auto/v1/auto_pb.ts';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { resolveAccountId } from '#platform/auth/ownership.ts';
import { notFound } from '#platform/errors/outcry-error.ts';
import { isUuidV7 } from '#platform/ids/uuid-v7.ts';
import { cutPage, readPage } from '#platform/paging/page.ts';
import type { CallContext } from '#platform/rpc/server.ts';
import type { AutoDeps } from '../deps.ts';
import { listRules as readRules } from '../store/list-rules.ts';
import { toRuleMessage } from './messages/rule-message.ts';

/** One page of an account's rules that are not deleted. */
export async function listRules({ db }: AutoDeps, request: ListRulesRequest, context: CallContext) {
  const accountId = resolveAccountId(context, request.accountId);
  if (!isUuidV7(accountId)) throw notFound(ErrorReason.ACCOUNT_NOT_FOUND, 'there is no such account');
  const list = `rules:${accountId}`;
  const { cursor, limit } = readPage(request, { list, sizeMax: 100 });
  const found = await readRules(db, { accountId, cursor, limit: limit + 1 });
  const { rows, nextPageToken } = cutPage(found, limit, { list, cursorOf: ({ ruleId }) => ruleId });
  return { rules: rows.map(toRuleMessage), nextPageToken };
}
