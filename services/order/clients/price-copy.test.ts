import { afterEach, describe, expect, it } from 'vitest';
import { TradingState } from '#gen/outcry/trading/v1/trading_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { createLogger } from '#platform/telemetry/logger.ts';
import { eventually } from '#platform/testing/eventually.ts';
import type { Instrument } from '../domain/instrument.ts';
import { createFakeMarket, type FakeMarket } from '../testing/fake-market.ts';
import { createInstruments } from './instruments.ts';
import { openPriceCopy, type PriceCopy } from './price-copy.ts';
import { createQuotes } from './quotes.ts';

const logger = createLogger({ service: 'test', level: 'silent' });
let opened: PriceCopy[] = [];
afterEach(async () => {
  for (const copy of opened) await copy[Symbol.asyncDispose]();
  opened = [];
});

function open(fake: FakeMarket, staleMs?: number): PriceCopy {
  const copy = openPriceCopy({ market: fake.market, logger, staleMs });
  opened.push(copy);
  return copy;
}

describe('openPriceCopy', () => {
  it('has terms and prices in ticks, and follows their changes', async () => {
    const fake = createFakeMarket();
    const copy = open(fake);
    await copy.complete;
    expect(copy.instrument('ACME')).toMatchObject({
      tickMicros: 10_000n,
      tickLotMicros: 10_000n,
      referencePriceTicks: 10_000n,
    });
    const prices = { bidTicks: 9_900n, askTicks: 10_000n, lastTicks: 9_950n, halted: false };
    expect(copy.prices('ACME')).toEqual(prices);
    expect(copy.prices('FRAC')).toEqual({ halted: false });
    fake.setPrices({ symbol: 'ACME', lastTicks: 7n, state: TradingState.HALTED });
    await eventually(() => expect(copy.prices('ACME')).toEqual({ lastTicks: 7n, halted: true }));
  });

  it('is stale once the market was silent for too long, and fresh when it is back', async () => {
    const fake = createFakeMarket();
    const copy = open(fake, 1_500);
    await copy.complete;
    fake.setAway(true);
    await eventually(() => expect(copy.isFresh()).toBe(false));
    expect(copy.instrument('ACME')).toBeDefined();
    fake.setAway(false);
    await eventually(() => expect(copy.isFresh()).toBe(true));
  });
});

describe('createInstruments', () => {
  it('answers a known symbol at once, and asks the market for an unknown one at most twice a second', async () => {
    const fake = createFakeMarket();
    const copy = open(fake);
    await copy.complete;
    const instruments = createInstruments({ copy, market: fake.market });
    expect(instruments.find('ACME')).toMatchObject({ symbol: 'ACME' });
    expect(fake.faults.countOf('getTerms')).toBe(0);
    const asked = await Promise.all(Array.from({ length: 100 }, (_, index) => instruments.find(`X${index}`)));
    expect(asked.every((found) => found === undefined)).toBe(true);
    expect(await instruments.find('Y')).toBeUndefined();
    expect(fake.faults.countOf('getTerms')).toBe(1);
  });

  it('finds an instrument before the stream is open', async () => {
    const fake = createFakeMarket();
    fake.setAway(true);
    const instruments = createInstruments({ copy: open(fake), market: fake.market });
    expect(await instruments.find('ACME')).toMatchObject({ symbol: 'ACME' });
    expect(instruments.find('FRAC')).toMatchObject({ symbol: 'FRAC' });
  });
});

describe('createQuotes', () => {
  const instrument = { symbol: 'ACME' } as Instrument;

  it('waits for the first prices of a process, and answers from memory from then on', async () => {
    const quotes = createQuotes({ copy: open(createFakeMarket()) });
    expect(await quotes.pricesOf(instrument)).toMatchObject({ askTicks: 10_000n });
    expect(quotes.pricesOf(instrument)).toMatchObject({ askTicks: 10_000n });
  });

  it('waits after a silence until the market is heard again', async () => {
    // Less than the time between two messages of the market.
    const copy = open(createFakeMarket(), 200);
    const quotes = createQuotes({ copy });
    await copy.complete;
    const prices = await eventually(async () => {
      expect(copy.isFresh()).toBe(false);
      return await quotes.pricesOf(instrument);
    });
    expect(prices).toMatchObject({ askTicks: 10_000n });
  });

  it('is UNAVAILABLE while the market cannot be heard', async () => {
    const fake = createFakeMarket();
    fake.setAway(true);
    const quotes = createQuotes({ copy: open(fake) });
    await expect(quotes.pricesOf(instrument)).rejects.toMatchObject({ code: Code.UNAVAILABLE });
  });
});
