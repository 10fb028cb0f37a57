import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { resolveAccountId } from '#platform/auth/ownership.ts';
import { notFound } from '#platform/errors/outcry-error.ts';
import { isUuidV7 } from '#platform/ids/uuid-v7.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';

/** The account that a request concerns. Throws ACCOUNT_NOT_FOUND for one that is no id or not the caller's to see. */
export function accountOf(context: CallContext, requested: string): string {
  const accountId = resolveAccountId(context, requested);
  if (!isUuidV7(accountId)) throw notFound(ErrorReason.ACCOUNT_NOT_FOUND, 'there is no such account');
  return accountId;
}
