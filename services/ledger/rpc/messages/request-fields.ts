import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { invalidArgument, notFound } from '#platform/errors/outcry-error.ts';
import { isUuidV7 } from '#platform/ids/uuid-v7.ts';
import { readSymbol } from '#platform/validation/request-fields.ts';
import { isSymbol } from '../../domain/asset.ts';

/** The symbol of shares, not the name of cash; whether it is listed is not checked. Throws INVALID_ARGUMENT. */
export function readShareSymbol(field: string, symbol: string): string {
  if (isSymbol(readSymbol(field, symbol))) return symbol;
  throw invalidArgument(field, 'must not be the name of cash');
}

/** An account's id. Throws NOT_FOUND for a text that is no id, as there is no such account. */
export function readAccountId(accountId: string): string {
  if (!isUuidV7(accountId)) throw notFound(ErrorReason.ACCOUNT_NOT_FOUND, 'there is no such account');
  return accountId;
}
