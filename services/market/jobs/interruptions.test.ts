import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { HaltCause } from '#gen/outcry/market/v1/market_pb.ts';
import { TradingState } from '#gen/outcry/trading/v1/trading_pb.ts';
import { openDatabase } from '#platform/postgres/database.ts';
import { silentLogger } from '#platform/testing/database.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { DayScene } from '../testing/day-scene.ts';

const { PRE_OPEN, OPENING_AUCTION, CONTINUOUS, HALTED, CLOSING_AUCTION, CLOSED } = TradingState;

let scene: DayScene;
beforeEach(async () => {
  scene = await DayScene.open();
});
afterEach(async () => {
  await scene?.[Symbol.asyncDispose]();
});

describe('an instrument with a circuit breaker', () => {
  it('lists a circuit breaker with the book, and refuses another one for it, and times that no breaker has', async () => {
    const seconds = (count: number) => ({ seconds: BigInt(count), nanos: 0 });
    const breaker = { breakerBps: 500, breakerHaltDuration: seconds(30), breakerAuctionDuration: seconds(60) };
    const prices = { tickSize: '0.01', lotSize: '1', referencePrice: '10' };
    const operator = await scene.operator();
    const create = (changes: object) =>
      scene.market.admin.createInstrument(
        { instrument: { symbol: 'BRKR', name: 'Breakers', ...prices, ...breaker, ...changes } },
        operator,
      );
    const { instrument } = await create({});
    expect(instrument).toMatchObject({ ...breaker, haltCause: HaltCause.UNSPECIFIED });
    expect(scene.exchange.listing('BRKR')).toMatchObject({
      ...{ breakerBps: 500, breakerHaltMs: 30_000, breakerAuctionMs: 60_000 },
    });
    await expect(create({ breakerBps: 600 })).rejects.toMatchObject({ reason: ErrorReason.SYMBOL_ALREADY_LISTED });
    await expect(create({ symbol: 'ODD', breakerBps: 0 })).rejects.toMatchObject({
      violations: [
        { field: 'instrument.breaker_halt_duration', description: 'goes with breaker_bps only' },
        { field: 'instrument.breaker_auction_duration' },
      ],
    });
    const halfMs = { seconds: 0n, nanos: 500_000 };
    await expect(create({ symbol: 'ODD', breakerHaltDuration: halfMs })).rejects.toMatchObject({
      violations: [{ field: 'instrument.breaker_halt_duration' }],
    });
    scene.exchange.breakState('BRKR', TradingState.HALTED, 1_000);
    await eventually(async () => {
      const { instrument: halted } = await scene.market.market.getInstrument({ symbol: 'BRKR' });
      expect(halted).toMatchObject({
        ...{ state: TradingState.HALTED, haltCause: HaltCause.BREAKER },
        ...{ auctionStartTime: seconds(31), resumeTime: seconds(91) },
      });
    });
  });
});

describe('a book that its circuit breaker has interrupted', () => {
  const { BREAKER, OPERATOR, UNSPECIFIED } = HaltCause;
  const again = expect.stringMatching(/^day:DAYS:again:(pre-open|halted|opening-auction):\d+$/);
  const toContinuous = async () => {
    await scene.create();
    scene.clockTo('2026-03-06T15:00Z');
    await scene.becomes(CONTINUOUS);
    await scene.shows({ state: CONTINUOUS });
  };
  it('is left alone also by a replica that begins meanwhile and finds its last change not stored', async () => {
    await toContinuous();
    await scene.stopReplica();
    scene.exchange.breakState('DAYS', HALTED, scene.timeMs);
    await using db = openDatabase({ url: scene.database.url, applicationName: 'test', logger: silentLogger });
    await db.query(`UPDATE trading_day SET state = ${OPENING_AUCTION} WHERE symbol = 'DAYS'`);
    await scene.startReplica();
    await scene.shows({ state: HALTED, haltCause: BREAKER });
    await eventually(async () => {
      const { rows } = await db.query<{ state: number }>(`SELECT state FROM trading_day WHERE symbol = 'DAYS'`);
      expect(rows[0]?.state).toBe(CONTINUOUS);
    });
    scene.exchange.breakState('DAYS', OPENING_AUCTION);
    await scene.shows({ state: OPENING_AUCTION, haltCause: BREAKER });
    scene.exchange.breakState('DAYS', CONTINUOUS);
    await scene.shows({ state: CONTINUOUS, haltCause: UNSPECIFIED });
    // The next change of the schedule shows that the job ran meanwhile.
    scene.clockTo('2026-03-06T20:58Z');
    await scene.becomes(CLOSING_AUCTION);
    expect(scene.states()).toEqual([CLOSED, CONTINUOUS, CLOSING_AUCTION]);
  });

  it('is held its closing auction and closes at its time', async () => {
    await toContinuous();
    scene.exchange.breakState('DAYS', HALTED);
    await scene.shows({ state: HALTED, haltCause: BREAKER });
    scene.clockTo('2026-03-06T20:58Z');
    await scene.becomes(CLOSING_AUCTION);
    await scene.shows({ state: CLOSING_AUCTION, haltCause: UNSPECIFIED });
    scene.clockTo('2026-03-06T21:00Z');
    await scene.becomes(CLOSED);
    expect(scene.states()).toEqual([CLOSED, CONTINUOUS, CLOSING_AUCTION, CLOSED]);
  });

  it('stays halted once an operator halts it: the timer of the breaker is ended', async () => {
    await toContinuous();
    scene.exchange.breakState('DAYS', HALTED);
    await scene.shows({ state: HALTED, haltCause: BREAKER });
    expect((await scene.halt('halt-1')).instrument).toMatchObject({ state: HALTED, haltCause: OPERATOR });
    expect(scene.commands().slice(2)).toMatchObject([
      { commandId: again, state: PRE_OPEN },
      { commandId: 'halt-1', state: HALTED },
    ]);
    await scene.shows({ state: HALTED, haltCause: OPERATOR });
    expect((await scene.resume('resume-1')).instrument).toMatchObject({ state: CONTINUOUS, haltCause: UNSPECIFIED });
    await scene.shows({ state: CONTINUOUS });
  });

  it('is halted by an operator whose replica has not heard of the breaker yet', async () => {
    await toContinuous();
    scene.exchange.breakState('DAYS', HALTED);
    await scene.halt('halt-1');
    await eventually(() => expect(scene.states().at(-2)).toBe(PRE_OPEN));
    await scene.shows({ state: HALTED, haltCause: OPERATOR });
  });

  it('reopens when an operator asks for it, at once or by an auction of the time asked for', async () => {
    await toContinuous();
    scene.exchange.breakState('DAYS', HALTED);
    await scene.shows({ state: HALTED, haltCause: BREAKER });
    await scene.resume('resume-1');
    await scene.shows({ state: CONTINUOUS, haltCause: UNSPECIFIED });
    scene.exchange.breakState('DAYS', HALTED);
    scene.exchange.breakState('DAYS', OPENING_AUCTION);
    await scene.shows({ state: OPENING_AUCTION, haltCause: BREAKER });
    await scene.resume('resume-2', 300);
    await scene.shows({ state: OPENING_AUCTION, haltCause: UNSPECIFIED });
    scene.clockTo('2026-03-06T15:05Z');
    await scene.becomes(CONTINUOUS);
    expect(scene.states()).toEqual([CLOSED, CONTINUOUS, CONTINUOUS, PRE_OPEN, OPENING_AUCTION, CONTINUOUS]);
  });
});
