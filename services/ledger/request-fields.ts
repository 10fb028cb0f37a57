import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { invalidArgument, notFound } from '#platform/errors/outcry-error.ts';
import { isUuidV7 } from '#platform/ids/uuid-v7.ts';
import { DecimalError, parseDecimal } from '#platform/money/decimal.ts';
import { isSymbol } from './domain/asset.ts';

/** A client-made key: 1 to 64 characters of [A-Za-z0-9._:-]. Throws INVALID_ARGUMENT. */
export function readKey(key: string): string {
  if (!/^[A-Za-z0-9._:-]{1,64}$/.test(key)) {
    throw invalidArgument('idempotency_key', 'must be 1 to 64 characters of A-Z a-z 0-9 . _ : -');
  }
  return key;
}

/** A decimal as an integer of the scale, within inclusive bounds of the same unit. Throws INVALID_ARGUMENT. */
export function readDecimal(field: string, text: string, scale: number, bounds: { min: bigint; max: bigint }): bigint {
  try {
    return parseDecimal(text, scale, bounds);
  } catch (error) {
    if (error instanceof DecimalError) throw invalidArgument(field, error.message);
    throw error;
  }
}

/** A symbol of 1 to 12 characters of [A-Z0-9.]; whether it is listed is not the ledger's to know. Throws INVALID_ARGUMENT. */
export function readSymbol(field: string, symbol: string): string {
  if (!isSymbol(symbol)) throw invalidArgument(field, 'must be 1 to 12 characters of A-Z 0-9 .');
  return symbol;
}

/** An account's id. What cannot be one names no account: throws NOT_FOUND. */
export function readAccountId(accountId: string): string {
  if (!isUuidV7(accountId)) throw notFound(ErrorReason.ACCOUNT_NOT_FOUND, 'there is no such account');
  return accountId;
}
