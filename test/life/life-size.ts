/** How large a random life is: small by default, and as the environment says. */

/** Users, orders, and the seed of what they do. */
export type LifeSize = { users: number; orders: number; seed: number };

const comparisons = 20;

/** By LIFE_USERS, LIFE_ORDERS and LIFE_SEED; the seed is drawn where it is not stated. Throws for what is no number above 0. */
export function lifeSize(usual: Pick<LifeSize, 'users' | 'orders'>): LifeSize {
  const { LIFE_USERS, LIFE_ORDERS, LIFE_SEED } = process.env;
  return {
    users: numberOf('LIFE_USERS', LIFE_USERS ?? String(usual.users)),
    orders: numberOf('LIFE_ORDERS', LIFE_ORDERS ?? String(usual.orders)),
    seed: numberOf('LIFE_SEED', LIFE_SEED ?? String(1 + Math.floor(Math.random() * 1e9))),
  };
}

/** After how many orders everything is compared. */
export function compareEvery(orders: number): number {
  return Math.max(1, Math.floor(orders / comparisons));
}

function numberOf(name: string, text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new Error(`${name} takes a number above 0, not '${text}'`);
}
