/** Configuration of one random run: books, order types, frequencies. */
import { ruleVersion } from '../../engine/engine.ts';
import { OrderType } from '../../engine/model/codes.ts';
import type { Command, Listing } from '../../engine/model/commands.ts';
import type { MemoryLimits } from '../../engine/state/engine-state.ts';
import { listing } from '../../engine/testing/driver.ts';
import type { RandomProfile } from './random-orders.ts';
import type { RandomSource } from './random-source.ts';

/** Kinds of generated commands; `bookState` leads a book back to trading, `repeat` reuses an earlier key. */
export type CommandKind = Command['kind'] | 'repeat' | 'bookState';

const breaker = { breakerBps: 300, breakerHaltMs: 90, breakerAuctionMs: 60 };
const listings: Listing[] = [
  listing({ symbol: 'PLAIN' }),
  listing({ symbol: 'BAND', bandBps: 400 }),
  listing({ symbol: 'TRIP', ...breaker }),
  listing({ symbol: 'FRESH', referencePriceTicks: 0, ...breaker, breakerBps: 600 }),
  listing({ symbol: 'EDGE', referencePriceTicks: 2_147_483_640, bandBps: 9_000 }),
];

/** The books that a run mostly uses; the first of a set most often. */
export const symbolSets: readonly (readonly string[])[] = [
  ['PLAIN', 'BAND', 'TRIP', 'FRESH'],
  ['PLAIN', 'TRIP'],
  ['PLAIN'],
  ['TRIP', 'FRESH'],
  ['FRESH', 'TRIP'],
  ['BAND', 'PLAIN'],
  ['EDGE', 'TRIP'],
];

/**
 * The commands that a run begins with: the rules' version, then a book without a band, one with a band, two with breakers, and one
 * at the greatest prices.
 */
export function openingCommands(): Command[] {
  const list = listings.map((terms) => ({ kind: 'list' as const, listing: terms }));
  return [{ kind: 'rules', version: ruleVersion }, ...list];
}

/** The bounds of the memory in a run: in one of four so narrow that it is full before the run ends. */
export function limitsOf(seed: number): MemoryLimits | undefined {
  const isNarrow = (seed & 3) === 3;
  return isNarrow ? { knownMax: 300, markedMax: 303, commandsMax: 40, operatorCommandsMax: 6 } : undefined;
}

/** A random profile. */
export function randomProfile(random: RandomSource): RandomProfile {
  const plain = random.pick([0, 20, 45]);
  return {
    span: random.between(2, 6),
    accounts: ['a', 'b', 'c', 'd', 'e'].slice(0, random.between(2, 5)),
    groupPercent: random.pick([0, 15, 40]),
    sessionPercent: random.pick([0, 8, 20]),
    types: [
      [plain + 10, OrderType.LIMIT],
      [random.pick([0, 12, 20]), OrderType.STOP],
      [random.pick([0, 12, 20]), OrderType.STOP_LIMIT],
      [random.pick([0, 10, 20]), OrderType.TRAILING_STOP],
      [random.pick([0, 14, 25]), OrderType.ICEBERG],
    ],
    quantityMax: random.pick([4, 4, 4, 12, 12, 12, 30, 30, 30, 2_000_000_000]),
  };
}

/** Random weights of the kinds of commands in a run. */
export function randomMixture(random: RandomSource): (readonly [number, CommandKind])[] {
  const often = (weight: number) => weight * random.pick([0, 1, 1, 2]);
  return [
    [400, 'submit'],
    [often(70), 'submitList'],
    [often(40), 'cancel'],
    [often(60), 'replace'],
    [often(8), 'void'],
    [often(8), 'cancelAll'],
    [often(10), 'setState'],
    [30, 'bookState'],
    [30, 'keepAlive'],
    [often(3), 'split'],
    [15, 'time'],
    [1, 'rules'],
    [1, 'list'],
    [often(10), 'repeat'],
  ];
}
