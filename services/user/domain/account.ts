/** What an account is and how its state may change. */
import type { Conditions } from './conditions.ts';

/**
 * active -> frozen -> active, active -> closed, frozen -> closed. Closed is final: an account that was closed is never
 * traded with again, so nothing that was published about its end has to be taken back.
 */
export type AccountState = 'active' | 'frozen' | 'closed';

/** What a person may be; see the access rules of the contract. */
export type AccountRole = 'user' | 'operator' | 'admin';

/** One account with its owner. */
export type Account = {
  /** UUIDv7; user id and account id at once. */
  accountId: string;
  /** Lower case; null for a house account. */
  email: string | null;
  displayName: string;
  /** Name of the house account; null for a person's. */
  houseName: string | null;
  roles: AccountRole[];
  state: AccountState;
  conditions: Conditions;
  /** Version of state and conditions, from 1. */
  version: bigint;
  createTime: Date;
};

/** `same`: nothing to do. `closed`: refused, the account is closed for good. */
export type StateChange = 'change' | 'same' | 'closed';

/** Decides what setting `to` does to an account in state `from`. */
export function decideStateChange(from: AccountState, to: AccountState): StateChange {
  if (from === to) return 'same';
  return from === 'closed' ? 'closed' : 'change';
}

/** The roles without repeats in their fixed order, so that equal sets are equal lists. */
export function normaliseRoles(roles: readonly AccountRole[]): AccountRole[] {
  const order: AccountRole[] = ['user', 'operator', 'admin'];
  return order.filter((role) => roles.includes(role));
}
