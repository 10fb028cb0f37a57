/** Accounts as the contract shows them. */
import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { Role } from '#gen/outcry/access/v1/access_pb.ts';
import { AccountState as StateMessage, type TradingConditionsSchema } from '#gen/outcry/user/v1/conditions_pb.ts';
import type { AccountConditionsSchema, ContactSchema } from '#gen/outcry/user/v1/internal_pb.ts';
import type { UserSchema } from '#gen/outcry/user/v1/user_pb.ts';
import type { Account, AccountRole, AccountState } from '../../domain/account.ts';
import { formatConditions } from '../../domain/conditions.ts';

const stateMessages: Record<AccountState, StateMessage> = {
  active: StateMessage.ACTIVE,
  frozen: StateMessage.FROZEN,
  closed: StateMessage.CLOSED,
};

const roleMessages: Record<AccountRole, Role> = { user: Role.USER, operator: Role.OPERATOR, admin: Role.ADMIN };

/** The state that a message names; undefined when it names none. */
export function accountStateOf(message: StateMessage): AccountState | undefined {
  return (Object.keys(stateMessages) as AccountState[]).find((state) => stateMessages[state] === message);
}

/** The role that a message names; undefined for anonymous and unknown ones. */
export function accountRoleOf(message: Role): AccountRole | undefined {
  return (Object.keys(roleMessages) as AccountRole[]).find((role) => roleMessages[role] === message);
}

/** The user as its owner and staff see it. */
export function userMessage(account: Account): MessageInitShape<typeof UserSchema> {
  return {
    userId: account.accountId,
    email: account.email ?? '',
    displayName: account.displayName,
    roles: account.roles.map((role) => roleMessages[role]),
    state: stateMessages[account.state],
    conditions: conditionsMessage(account),
    conditionsVersion: account.version,
    house: account.houseName !== null,
    createTime: timestampFromDate(account.createTime),
  };
}

/** State and conditions as other services store them. */
export function accountConditionsMessage(account: Account): MessageInitShape<typeof AccountConditionsSchema> {
  return {
    accountId: account.accountId,
    version: account.version,
    state: stateMessages[account.state],
    conditions: conditionsMessage(account),
    house: account.houseName !== null,
  };
}

/** Where a person can be reached. */
export function contactMessage(account: Account): MessageInitShape<typeof ContactSchema> {
  return {
    userId: account.accountId,
    email: account.email ?? '',
    displayName: account.displayName,
    house: account.houseName !== null,
  };
}

function conditionsMessage(account: Account): MessageInitShape<typeof TradingConditionsSchema> {
  return formatConditions(account.conditions);
}
