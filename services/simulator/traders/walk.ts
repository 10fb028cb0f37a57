/** What moves the fair prices of all books. */
import { type FairPrice, stepFairPrice } from '../domain/fair-price.ts';
import type { Random } from '../domain/random.ts';
import type { Trader } from './trader.ts';

/** In how many rounds each book has one step. */
const roundsPerStep = 3;

/** Moves a third of the books by a step in each round, so that there is always one that moves; it sends nothing. */
export function createWalk(fairPrices: Map<string, FairPrice>, random: Random): Trader {
  let round = 0;
  return {
    async act() {
      let index = round++;
      for (const [symbol, price] of fairPrices) {
        if (index++ % roundsPerStep === 0) fairPrices.set(symbol, stepFairPrice(price, random));
      }
    },
  };
}
