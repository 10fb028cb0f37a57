import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { alreadyExists, notFound, type OutcryError, refused } from '#platform/errors/outcry-error.ts';
import type { Refusal, RefusalReason } from '../../domain/refusal.ts';

const reasons: Record<RefusalReason, { reason: ErrorReason; message: string }> = {
  'account-not-found': { reason: ErrorReason.ACCOUNT_NOT_FOUND, message: 'there is no such account' },
  'account-frozen': { reason: ErrorReason.ACCOUNT_FROZEN, message: 'the account is frozen' },
  'account-closed': { reason: ErrorReason.ACCOUNT_CLOSED, message: 'the account is closed' },
  'cash-insufficient': { reason: ErrorReason.CASH_INSUFFICIENT, message: 'the account has too little cash' },
  'shares-insufficient': { reason: ErrorReason.SHARES_INSUFFICIENT, message: 'the account has too few shares' },
  'amount-over-limit': { reason: ErrorReason.AMOUNT_OVER_LIMIT, message: 'the amount is over the limit' },
  'hold-closed': { reason: ErrorReason.HOLD_CLOSED, message: 'the hold was released before' },
  'key-reused': { reason: ErrorReason.KEY_REUSED, message: 'the key was used before with another body' },
  'position-limit-exceeded': {
    reason: ErrorReason.POSITION_LIMIT_EXCEEDED,
    message: 'the position would pass the limit of the account',
  },
};

/** The contract's reason of a refusal. */
export function reasonOf(refusal: Refusal): ErrorReason {
  return reasons[refusal.reason].reason;
}

/** The error that a refused caller gets. */
export function refusalError(refusal: Refusal): OutcryError {
  const { reason, message } = reasons[refusal.reason];
  if (reason === ErrorReason.ACCOUNT_NOT_FOUND) return notFound(reason, message);
  if (reason === ErrorReason.KEY_REUSED) return alreadyExists(reason, message);
  return refused(reason, message, refusal.metadata);
}
