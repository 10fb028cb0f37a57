import { describe, expect, it } from 'vitest';
import type { HouseInstrument } from '../domain/instrument.ts';
import { createRandom } from '../domain/random.ts';
import type { HouseOrders } from './house-orders.ts';
import type { Phase } from './phases.ts';
import { createTaker } from './taker.ts';

const instrument: HouseInstrument = {
  symbol: 'DAYS',
  tickMicros: 10_000n,
  lotMicros: 1_000_000n,
  referenceTicks: 10_000,
};

/** What a taker sends in so many rounds of one phase. */
async function sentIn(phase: Phase, rounds = 100): Promise<string[]> {
  const sent: string[] = [];
  const orders: Pick<HouseOrders, 'take' | 'bid'> = {
    async take(_, side) {
      sent.push(side);
      return undefined;
    },
    async bid(_, { side, priceTicks }, auction) {
      sent.push(`${side} ${priceTicks} ${auction}`);
      return undefined;
    },
  };
  const taker = createTaker({
    ...{ instruments: [instrument], orders, fairTicks: () => 10_000, random: createRandom(1) },
    heldLots: () => new Map([['DAYS', 6_000]]),
    ...{ pace: { tryTake: () => true }, phaseOf: () => phase },
  });
  for (let round = 0; round < rounds; round += 1) await taker.act();
  return sent;
}

describe('createTaker', () => {
  it('takes what is quoted while the book trades', async () => {
    expect(new Set(await sentIn('trading'))).toEqual(new Set(['buy', 'sell']));
  });

  it('asks for both sides of an auction beyond the quotes, for that auction alone', async () => {
    expect(new Set(await sentIn('opening'))).toEqual(new Set(['buy 10020 opening', 'sell 9980 opening']));
    expect(new Set(await sentIn('closing'))).toEqual(new Set(['buy 10020 closing', 'sell 9980 closing']));
  });

  it('waits before an auction and while the book takes no orders', async () => {
    expect(await sentIn('collecting')).toEqual([]);
    expect(await sentIn('closed')).toEqual([]);
  });
});
