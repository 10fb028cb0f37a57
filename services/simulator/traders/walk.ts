/** What moves the fair prices of all books. */
import { type FairPrice, stepFairPrice } from '../domain/fair-price.ts';
import type { Random } from '../domain/random.ts';
import type { Trader } from './trader.ts';

/** In how many rounds each book has one move. */
const roundsPerMove = 3;
/** The most steps of a move: with more the quotes would be replaced so often that the pace does not permit it. */
const stepsMax = 5;

/**
 * Moves a third of the books in each round, so that there is always one that moves; it sends nothing. A move has a step for each time that the
 * market's clock is faster than usual, at most five: the days of a fast clock have few rounds, and would be without any movement.
 */
export function createWalk(fairPrices: Map<string, FairPrice>, random: Random, marketSpeed: () => number): Trader {
  let round = 0;
  return {
    async act() {
      let index = round++;
      const steps = Math.min(stepsMax, Math.max(1, Math.floor(marketSpeed())));
      for (const [symbol, price] of fairPrices) {
        if (index++ % roundsPerMove !== 0) continue;
        let moved = price;
        for (let step = 0; step < steps; step += 1) moved = stepFairPrice(moved, random);
        fairPrices.set(symbol, moved);
      }
    },
  };
}
