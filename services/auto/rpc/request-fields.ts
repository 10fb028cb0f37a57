/** The rule that a request names, and whether the caller may see it. */
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { mayNameAnyOwner, requireUser } from '#platform/auth/ownership.ts';
import { invalidArgument, notFound } from '#platform/errors/outcry-error.ts';
import { isUuidV7 } from '#platform/ids/uuid-v7.ts';
import type { Sql } from '#platform/postgres/sql.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { Rule } from '../domain/rule.ts';
import { findRule } from '../store/find-rule.ts';

/** The error NOT_FOUND for a rule. */
export function ruleNotFound() {
  return notFound(ErrorReason.RULE_NOT_FOUND, 'there is no such automation');
}

/** The id of a rule. Throws INVALID_ARGUMENT when it is empty, NOT_FOUND when it has not the form of an id. */
export function readRuleId(ruleId: string): string {
  if (ruleId === '') throw invalidArgument('rule_id', 'is required');
  if (!isUuidV7(ruleId)) throw ruleNotFound();
  return ruleId;
}

/** The rule, when the caller is its owner or may see any. Throws NOT_FOUND otherwise. */
export async function requireRule(
  sql: Sql,
  context: CallContext,
  ruleId: string,
  options: { lock?: boolean } = {},
): Promise<Rule> {
  const { userId } = requireUser(context);
  const rule = await findRule(sql, readRuleId(ruleId), options);
  if (rule === undefined || (rule.accountId !== userId && !mayNameAnyOwner(context))) throw ruleNotFound();
  return rule;
}
