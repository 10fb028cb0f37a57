import { AccountState } from '#gen/outcry/user/v1/conditions_pb.ts';
import type { AccountConditions } from '#gen/outcry/user/v1/internal_pb.ts';
import { CASH_SCALE, parseDecimal } from '#platform/money/decimal.ts';
import type { Account } from '../../domain/account.ts';

const states = new Map<AccountState, Account['state']>([
  [AccountState.ACTIVE, 'active'],
  [AccountState.FROZEN, 'frozen'],
  [AccountState.CLOSED, 'closed'],
]);

/** The part of an account's conditions that the ledger stores. A state that this release does not know counts as frozen. */
export function toAccount(message: AccountConditions): Account {
  const limit = message.conditions?.transferAmountMax ?? '';
  return {
    accountId: message.accountId,
    version: message.version,
    state: states.get(message.state) ?? 'frozen',
    house: message.house,
    transferMaxMicros: limit === '' ? undefined : parseDecimal(limit, CASH_SCALE),
  };
}
