import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { ListInstrumentsResponseSchema, ListQuotesResponseSchema } from '#gen/outcry/market/v1/market_pb.ts';
import { TradingState } from '#gen/outcry/trading/v1/trading_pb.ts';
import { unavailable } from '#platform/errors/outcry-error.ts';
import { silentLogger } from '#platform/testing/database.ts';
import { createPhases } from './phases.ts';

/** Follows through a list of answers, one a second; the last one ends it. */
async function followThrough(answers: (TradingState | undefined)[]) {
  const stop = new AbortController();
  const seen: string[] = [];
  const market = {
    listInstruments: async () => create(ListInstrumentsResponseSchema),
    listQuotes: async () => {
      const state = answers.shift();
      if (state === undefined) throw unavailable();
      return create(ListQuotesResponseSchema, { quotes: [{ symbol: 'DAYS', state }] });
    },
  };
  const clock = {
    nowMs: () => 0,
    sleep: async () => {
      seen.push(phases.of('DAYS'));
      if (answers.length === 0) stop.abort();
      stop.signal.throwIfAborted();
    },
  };
  const states = new Map([['DAYS', TradingState.CLOSED]]);
  const phases = createPhases({ market, states, clock, logger: silentLogger, signal: stop.signal });
  await phases.follow().catch(() => {});
  return { seen, phases };
}

describe('createPhases', () => {
  it('follows the day of a book with sessions, and has the last phase while the market cannot be asked', async () => {
    const { PRE_OPEN, CONTINUOUS, HALTED, OPENING_AUCTION, CLOSING_AUCTION, CLOSED } = TradingState;
    const states = [PRE_OPEN, CONTINUOUS, undefined, HALTED, OPENING_AUCTION, CONTINUOUS, CLOSING_AUCTION, CLOSED];
    const { seen, phases } = await followThrough(states);
    expect(seen).toEqual([
      ...['closed', 'collecting', 'trading', 'trading', 'closed', 'opening', 'trading', 'closing', 'closed'],
    ]);
    expect(phases.of('ACME')).toBe('trading');
  });
});
