import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import type { Sql } from '#platform/postgres/database.ts';
import type { Account } from '../domain/account.ts';
import type { Conditions } from '../domain/conditions.ts';
import { publishRegistered } from '../events/published.ts';
import { insertAccount, type NewAccount } from '../store/insert-account.ts';

/** A person before registration. The password is hashed already; the address is normalised. */
export type NewPerson = { email: string; displayName: string; passwordHash: string; roles: Account['roles'] };

/** Adds a person's account with the default conditions, under a new id unless one is given; undefined when the address is taken. */
export function addPerson(
  tx: Sql,
  deps: { nowMs: () => number; defaultConditions: Conditions },
  { accountId = uuidV7(deps.nowMs()), ...person }: NewPerson & { accountId?: string },
): Promise<Account | undefined> {
  return addAccount(tx, { ...person, accountId, houseName: null, conditions: deps.defaultConditions });
}

/** Adds a house account: no address, no password, no fees; undefined when the name is taken. */
export function addHouse(
  tx: Sql,
  deps: { nowMs: () => number; houseConditions: Conditions },
  houseName: string,
): Promise<Account | undefined> {
  return addAccount(tx, {
    accountId: uuidV7(deps.nowMs()),
    email: null,
    displayName: houseName,
    passwordHash: null,
    houseName,
    roles: ['user'],
    conditions: deps.houseConditions,
  });
}

async function addAccount(tx: Sql, account: NewAccount): Promise<Account | undefined> {
  const added = await insertAccount(tx, account);
  if (added !== undefined) await publishRegistered(tx, added);
  return added;
}
