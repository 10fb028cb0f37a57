/** Accounts as staff see them. */
import { Role } from '#gen/outcry/access/v1/access_pb.ts';
import { AccountState } from '#gen/outcry/user/v1/conditions_pb.ts';

const states: Partial<Record<AccountState, string>> = {
  [AccountState.ACTIVE]: 'active',
  [AccountState.FROZEN]: 'FROZEN',
  [AccountState.CLOSED]: 'CLOSED',
};

/** The state of an account. */
export function accountStateText(state: AccountState): string {
  return states[state] ?? 'unknown';
}

/** What an account may do in each state it can be brought to. */
export const stateActs = [
  { state: AccountState.ACTIVE, act: 'Thaw', sentence: 'may trade and move money again.' },
  { state: AccountState.FROZEN, act: 'Freeze', sentence: 'may read and cancel; it may not trade or move money.' },
  { state: AccountState.CLOSED, act: 'Close', sentence: 'may only read.' },
] as const;

/** Roles that a person can have. */
export const roleNames: readonly { role: Role; text: string }[] = [
  { role: Role.USER, text: 'user' },
  { role: Role.OPERATOR, text: 'operator' },
  { role: Role.ADMIN, text: 'admin' },
];

/** Roles in words, such as `user, operator`. */
export function rolesText(roles: readonly Role[]): string {
  return roles.map((role) => roleNames.find((one) => one.role === role)?.text ?? 'other').join(', ');
}
