/**
 * Many users order, change and cancel at random, of every kind; the true engine matches, the true ledger holds and settles, a slow model says what they
 * own. LIFE_USERS and LIFE_ORDERS make it larger: `LIFE_USERS=200 LIFE_ORDERS=100000`. A failure prints the seed; LIFE_SEED repeats it.
 */
import { expect, it } from 'vitest';
import { createRandom } from '../../../bench/load/index.ts';
import { compareEvery, lifeSize } from '../life-size.ts';
import { expectEqual, expectExitsOnce } from './compare.ts';
import type { Opening } from './house.ts';
import { Life } from './life.ts';

const { users, orders, seed } = lifeSize({ users: 20, orders: 10_000 });
const symbols = ['AAA', 'BBB', 'CCC'];

/** One in five has little, so that orders and changes are refused for want of it. */
function opening(index: number, random: { below(count: number): number }): Opening {
  const isPoor = index % 5 === 0;
  return {
    accountId: `user-${index}`,
    cash: BigInt(isPoor ? 3_000 : 200_000) * 1_000_000n,
    shares: BigInt(isPoor ? 10 : 2_000) * 1_000_000n,
    makerBps: random.below(20),
    takerBps: random.below(40),
  };
}

it(`${users} users and ${orders} orders of every kind leave what the slow model says, to the millionth`, {
  timeout: 60_000 + 10 * orders,
}, () => {
  const random = createRandom(seed);
  const openings = Array.from({ length: users }, (_, index) => opening(index, random));
  const life = new Life(random, openings, symbols);
  const { house, truth } = life;
  let compared = 0;
  try {
    while (life.ordered < orders) {
      life.move();
      if (life.ordered < compared) continue;
      compared += compareEvery(orders);
      house.settle();
      expectEqual(house, truth, symbols);
    }
    life.end();
    expectEqual(house, truth, symbols);
  } catch (error) {
    throw new Error(`seed ${seed}, order ${life.ordered}`, { cause: error });
  }
  for (const { accountId } of openings)
    for (const asset of ['USD', ...symbols]) expect(house.sheet.read({ accountId, asset }).held).toBe(0n);
  const { lists, bothTraded } = expectExitsOnce(truth);
  // Nothing of what was to be mixed may have been missing.
  expect(Object.values(life.tally).every((count) => count > 0)).toBe(true);
  expect(truth.trades).toBeGreaterThan(orders / 10);
  for (const kind of [
    'accepted',
    'cancelled',
    'replaced',
    'triggered',
    'refreshed',
    'uncrossed',
    'commandRejected',
    'rejected',
  ])
    expect(truth.counts.get(kind) ?? 0, kind).toBeGreaterThan(0);
  console.info(`seed ${seed}:`, { ...life.tally, trades: truth.trades, lists, bothTraded });
});
